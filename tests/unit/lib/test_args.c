/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words of boot arguments: bare names and values, wherever they stand, and what only looks alike.
 */
#include "lib/args.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *args, const char *name, const char *value)
{
    size_t length = 99;
    const char *found = args_find(args, name, &length);

    if (!value) {
        assert_null(found);
        return;
    }
    assert_non_null(found);
    assert_true(found >= args && found <= args + strlen(args));
    assert_int_equal(length, strlen(value));
    assert_memory_equal(found, value, length);
}

static void values_end_at_a_space_or_the_end(void **state)
{
    (void)state;
    check("marker=abc", "marker", "abc");
    check("marker=abc stats", "marker", "abc");
    check("stats marker=abc", "marker", "abc");
    check("a=1 marker=abc b=2", "marker", "abc");
    check("marker=a=b c", "marker", "a=b");
    check("marker= stats", "marker", "");
    check("marker=", "marker", "");
}

static void a_bare_name_has_an_empty_value(void **state)
{
    (void)state;
    check("stats", "stats", "");
    check("marker=abc stats", "stats", "");
    check("stats marker=abc", "stats", "");
    check("  stats  ", "stats", "");
}

static void the_first_word_counts(void **state)
{
    (void)state;
    check("a=1 a=2", "a", "1");
    check("a a=2", "a", "");
}

static void what_only_looks_alike_is_not_found(void **state)
{
    (void)state;
    check("", "stats", NULL);
    check("   ", "stats", NULL);
    check("stat", "stats", NULL);
    check("statsx", "stats", NULL);
    check("xstats", "stats", NULL);
    check("statsx=1", "stats", NULL);
    check("a=stats", "stats", NULL);
    check("Stats", "stats", NULL);
    check("statsx stats=1", "stats", "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_end_at_a_space_or_the_end),
        cmocka_unit_test(a_bare_name_has_an_empty_value),
        cmocka_unit_test(the_first_word_counts),
        cmocka_unit_test(what_only_looks_alike_is_not_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
