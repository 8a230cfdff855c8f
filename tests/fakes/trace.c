/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line of text. Tests compare it as a whole, so that a wrong order can be read off.
 */
#include "fakes/trace.h"

#include "vm/vm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char words[8192];
static size_t length;

void trace_reset(void)
{
    length = 0;
    words[0] = '\0';
}

void trace_note(const char *format, ...)
{
    va_list args;

    if (length + 64 > sizeof(words))
        return;
    if (length > 0)
        words[length++] = ' ';
    va_start(args, format);
    length += (size_t)vsnprintf(words + length, 63, format, args);
    va_end(args);
}

void trace_check(const char *expected)
{
    assert_string_equal(words, expected);
    trace_reset();
}

const char *trace_label(const struct vcpu *vcpu, char label[TRACE_LABEL_MAX])
{
    snprintf(label, TRACE_LABEL_MAX, "%s%u", vcpu->vm ? vcpu->vm->name : "", vcpu->id);
    return label;
}
