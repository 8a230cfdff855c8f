/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * panic for host tests: inside cmocka's expect_assert_failure it is the expected end, elsewhere
 * it fails the test with panic's text.
 */
#include "lib/assert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

void panic(const char *format, ...)
{
    static char text[256]; /* cmocka keeps the pointer */
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    mock_assert(0, text, __FILE__, __LINE__);
    abort();
}
