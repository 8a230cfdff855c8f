/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of ranges: what they mean, and what is none.
 */
#include "lib/ranges.h"

#include "lib/bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct {
    const char *text;
    uint64_t set;
} good[] = {
    {"0", 0x1},      {"63", BIT(63)},   {"0-1", 0x3},
    {"0-2,5", 0x27}, {"5,0-2,1", 0x27}, {"0-63", UINT64_MAX},
    {"3-3", 0x8},    {"007", 0x80},     {"62-63,0", 3 * BIT(62) + 1},
};

static const char *const bad[] = {"",    ",",   "0,",   ",0",    "-1",
                                  "1-",  "2-1", "64",   "0-64",  "a",
                                  "0 1", " 0",  "0,,1", "0-1-2", "18446744073709551616"};

static void lists_are_read(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(good); i++) {
        uint64_t set;

        assert_true(ranges_parse(good[i].text, &set));
        assert_int_equal(set, good[i].set);
    }
}

static void anything_else_is_not(void **state)
{
    uint64_t set;

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(ranges_parse(bad[i], &set));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read),
        cmocka_unit_test(anything_else_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
