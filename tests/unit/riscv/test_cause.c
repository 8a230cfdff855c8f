/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of causes: each has one of its own, reserved ones and interrupts have a word too.
 */
#include "riscv/cause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void names_are_the_manuals(void **state)
{
    (void)state;
    assert_string_equal(cause_name(CAUSE_ILLEGAL_INSN), "illegal instruction");
    assert_string_equal(cause_name(CAUSE_STORE_PAGE_FAULT), "store/AMO page fault");
    assert_string_equal(cause_name(CAUSE_VIRTUAL_INSN), "virtual instruction");
}

static void no_two_are_alike(void **state)
{
    (void)state;
    for (uint64_t a = 0; a < CAUSE_COUNT; a++) {
        for (uint64_t b = 0; b < a; b++) {
            bool are_reserved = (a == 17 && b == 14);

            assert_int_equal(strcmp(cause_name(a), cause_name(b)) == 0, are_reserved);
        }
    }
}

static void any_number_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(cause_name(CAUSE_RESERVED_14), "reserved cause");
    assert_string_equal(cause_name(CAUSE_COUNT), "reserved cause");
    assert_string_equal(cause_name(INT64_MAX), "reserved cause");
    assert_string_equal(cause_name(CAUSE_INTERRUPT | 5), "interrupt");
    assert_string_equal(cause_name(UINT64_MAX), "interrupt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_the_manuals),
        cmocka_unit_test(no_two_are_alike),
        cmocka_unit_test(any_number_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
