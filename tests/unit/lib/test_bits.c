/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The small inline helpers of lib: bits.h, bitmap.h and list.h.
 */
#include "lib/bitmap.h"
#include "lib/bits.h"
#include "lib/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void masks_reach_both_ends_of_a_word(void **state)
{
    (void)state;
    assert_int_equal(BIT(0), 1);
    assert_int_equal(BIT(63), 0x8000000000000000);
    assert_int_equal(BITS(3, 3), 8);
    assert_int_equal(BITS(7, 4), 0xf0);
    assert_int_equal(BITS(63, 0), UINT64_MAX);
    assert_int_equal(BITS(63, 60), 0xf000000000000000);
}

static void fields_are_read_and_replaced(void **state)
{
    (void)state;
    assert_int_equal(field_get(BITS(15, 8), 0x123456), 0x34);
    assert_int_equal(field_get(BITS(63, 60), 0xa000000000000000), 0xa);
    assert_int_equal(field_set(BITS(15, 8), 0x123456, 0xab), 0x12ab56);
    assert_int_equal(field_set(BITS(15, 8), 0x123456, 0x1ab), 0x12ab56);
    assert_int_equal(field_set(BIT(63), 0, 1), BIT(63));
}

static void lowest_bit_is_found_below_any_other(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        assert_int_equal(lowest_bit(BIT(bit)), bit);
        assert_int_equal(lowest_bit(UINT64_MAX << bit), bit);
    }
}

static void alignment_rounds_to_powers_of_two(void **state)
{
    (void)state;
    assert_int_equal(align_down(0x1fff, 0x1000), 0x1000);
    assert_int_equal(align_up(0x1001, 0x1000), 0x2000);
    assert_int_equal(align_up(0x1000, 0x1000), 0x1000);
    assert_int_equal(align_up(UINT64_MAX, 0x1000), 0);
    assert_true(is_aligned(0, 8));
    assert_false(is_aligned(4, 8));
    assert_int_equal(min_u64(1, 2), 1);
    assert_int_equal(max_u64(1, 2), 2);
}

static void ranges_do_not_wrap(void **state)
{
    (void)state;
    assert_true(range_within(16, 16, 0, 32));
    assert_false(range_within(16, 17, 0, 32));
    assert_false(range_within(15, 1, 16, 16));
    assert_true(range_within(UINT64_MAX, 1, UINT64_MAX - 7, 8));
    assert_false(range_within(UINT64_MAX, 2, UINT64_MAX - 7, 8));
    assert_false(range_within(8, UINT64_MAX, 0, 16));
}

static void bitmap_bits_are_independent(void **state)
{
    uint64_t map[BITMAP_WORDS(96)] = {0};

    (void)state;
    assert_int_equal(BITMAP_WORDS(96), 2);
    assert_int_equal(BITMAP_WORDS(64), 1);
    bitmap_set(map, 63);
    bitmap_put(map, 64, true);
    assert_int_equal(map[0], BIT(63));
    assert_int_equal(map[1], BIT(0));
    assert_true(bitmap_get(map, 64));
    bitmap_clear(map, 63);
    bitmap_put(map, 64, false);
    assert_int_equal(map[0] | map[1], 0);
}

struct element {
    int value;
    struct list link;
};

static void list_keeps_order(void **state)
{
    struct list head;
    struct element elements[3] = {{.value = 0}, {.value = 1}, {.value = 2}};
    int expected = 0;

    (void)state;
    list_init(&head);
    assert_true(list_is_empty(&head));
    list_append(&head, &elements[0].link);
    list_append(&head, &elements[2].link);
    list_insert_before(&elements[2].link, &elements[1].link);
    for (struct list *link = head.next; link != &head; link = link->next)
        assert_int_equal(ELEMENT_OF(link, struct element, link)->value, expected++);
    assert_int_equal(expected, 3);
    list_remove(&elements[1].link);
    list_remove(&elements[1].link);
    assert_ptr_equal(elements[0].link.next, &elements[2].link);
    assert_ptr_equal(elements[2].link.prev, &elements[0].link);
    assert_true(list_is_empty(&elements[1].link));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_reach_both_ends_of_a_word),
        cmocka_unit_test(fields_are_read_and_replaced),
        cmocka_unit_test(lowest_bit_is_found_below_any_other),
        cmocka_unit_test(alignment_rounds_to_powers_of_two),
        cmocka_unit_test(ranges_do_not_wrap),
        cmocka_unit_test(bitmap_bits_are_independent),
        cmocka_unit_test(list_keeps_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
