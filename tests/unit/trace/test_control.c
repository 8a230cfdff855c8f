/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Categories: their names, masks, and that each is wanted by itself.
 */
#include "trace/control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static uint64_t parse(const char *words)
{
    return trace_mask_parse(words, strlen(words));
}

static void names_make_masks(void **state)
{
    (void)state;
    assert_int_equal(parse("exit"), BIT(TRACE_EXIT));
    assert_int_equal(parse("sbi,life,exit"), BIT(TRACE_SBI) | BIT(TRACE_LIFE) | BIT(TRACE_EXIT));
    assert_int_equal(parse("all"), TRACE_MASK_ALL);
    assert_int_equal(parse("entry,all"), TRACE_MASK_ALL);
    for (unsigned i = 0; i < TRACE_CATEGORIES; i++)
        assert_int_equal(parse(trace_category_name((enum trace_category)i)), BIT(i));
}

static void other_words_make_none(void **state)
{
    static const char *const words[] = {"",      ",",   "exit,",    ",exit",
                                        "exits", "exi", "exit sbi", "al"};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(words); i++)
        assert_int_equal(parse(words[i]), 0);
    assert_int_equal(trace_mask_parse("exit,sbi", 4), BIT(TRACE_EXIT));
}

static void each_is_wanted_by_itself(void **state)
{
    (void)state;
    assert_true(trace_is_there());
    assert_int_equal(trace_mask(), 0);
    for (unsigned i = 0; i < TRACE_CATEGORIES; i++) {
        trace_set_mask(BIT(i));
        assert_int_equal(trace_mask(), BIT(i));
        assert_true(trace_wants((enum trace_category)i));
    }
    trace_set_mask(TRACE_MASK_DEFAULT);
    assert_false(trace_wants(TRACE_ENTRY));
    assert_true(trace_wants(TRACE_EXIT));
    trace_set_mask(0);
    assert_false(trace_wants(TRACE_EXIT));
}

static void losses_add_up(void **state)
{
    static struct trace_ring one = {.lost_all = 3}, other = {.lost_all = 4};

    (void)state;
    assert_null(trace_rings());
    assert_int_equal(trace_lost(), 0);
    trace_add(&one);
    trace_add(&other);
    assert_ptr_equal(trace_rings(), &other);
    assert_ptr_equal(trace_rings()->next, &one);
    assert_int_equal(trace_lost(), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_make_masks),
        cmocka_unit_test(other_words_make_none),
        cmocka_unit_test(each_is_wanted_by_itself),
        cmocka_unit_test(losses_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
