/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A long jump with a name.
 */
#include "fakes/end.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static jmp_buf place;
static bool is_acting;

enum end end_of(void (*act)(void *argument), void *argument)
{
    int end = setjmp(place);

    if (end == END_RETURNED) {
        is_acting = true;
        act(argument);
    }
    is_acting = false;
    return (enum end)end;
}

void end_now(enum end end)
{
    if (!is_acting)
        fail_msg("a fake ended the act (%d), but there is none", end);
    longjmp(place, end);
}
