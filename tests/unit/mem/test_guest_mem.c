/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The door to guest memory: copies across pages and leaves, and every way in which a guest's
 * numbers may be wrong. After a refusal not a byte has changed.
 */
#include "mem/guest_mem.h"

#include "lib/err.h"
#include "mem/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_SIZE (16UL << 20)
#define MIB_2      BIT(21)
#define GPA_END    BIT(GSTAGE_GPA_BITS)
#define RW         (PTE_R | PTE_W)

/*
 * The guest's memory, page by page: 0 and 1 writable, and not side by side in the host; 2 a hole;
 * 3 read-only; 4 writable; 5 for fetches only; and a 2 MiB leaf with a page after it; and the
 * last page of all.
 */
#define BASE  0x80000000UL
#define LARGE 0x80200000UL
#define LAST  (GPA_END - PAGE_SIZE)

static uint8_t *arena;
static struct gstage gstage;
static uint8_t *host[7]; /* of pages 0 to 5, and of the last */
static uint8_t *large;

static uint8_t *map(gpa_t gpa, unsigned order, uint64_t rights)
{
    hpa_t hpa = pages_alloc(order, 1);
    assert_int_not_equal(hpa, 0);
    assert_int_equal(gstage_map(&gstage, gpa, hpa, PAGE_SIZE << order, rights), 0);
    return (uint8_t *)hpa;
}

static void paint(uint8_t *bytes, size_t size, unsigned seed)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = i * 7 + i / 256 + seed;
}

static int setup(void **state)
{
    (void)state;
    static const uint64_t rights[] = {RW, RW, 0, PTE_R, RW, PTE_X};
    arena = aligned_alloc(MIB_2, ARENA_SIZE);
    pages_init();
    assert_int_equal(pages_add((uintptr_t)arena, ARENA_SIZE), 0);
    assert_int_equal(gstage_init(&gstage, 1), 0);
    for (unsigned i = 0; i < ARRAY_SIZE(rights); i++) {
        if (rights[i])
            host[i] = map(BASE + i * PAGE_SIZE, 0, rights[i]);
        pages_alloc(0, 1); /* so that no two are neighbours */
        if (rights[i])
            paint(host[i], PAGE_SIZE, i);
    }
    large = map(LARGE, 9, RW);
    paint(large, MIB_2, 99);
    map(LARGE + MIB_2, 0, PTE_R);
    host[6] = map(LAST, 0, RW);
    paint(host[6], PAGE_SIZE, 6);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(arena);
    return 0;
}

static void assert_unchanged(void)
{
    static uint8_t expected[MIB_2];
    for (unsigned i = 0; i < ARRAY_SIZE(host); i++) {
        if (i == 2)
            continue;
        paint(expected, PAGE_SIZE, i);
        assert_memory_equal(host[i], expected, PAGE_SIZE);
    }
    paint(expected, MIB_2, 99);
    assert_true(memcmp(large, expected, MIB_2) == 0);
}

static void reads_cross_pages(void **state)
{
    (void)state;
    uint8_t bytes[64], expected[64];
    memcpy(expected, host[0] + PAGE_SIZE - 24, 24);
    memcpy(expected + 24, host[1], 40);
    assert_int_equal(guest_mem_read(&gstage, BASE + PAGE_SIZE - 24, bytes, 64), 0);
    assert_memory_equal(bytes, expected, 64);
    assert_unchanged();
}

static void writes_cross_pages(void **state)
{
    (void)state;
    uint8_t bytes[64];
    paint(bytes, 64, 200);
    assert_int_equal(guest_mem_write(&gstage, BASE + PAGE_SIZE - 24, bytes, 64), 0);
    assert_memory_equal(host[0] + PAGE_SIZE - 24, bytes, 24);
    assert_memory_equal(host[1], bytes + 24, 40);
    /* The neighbours in the guest are as they were. */
    uint8_t expected[PAGE_SIZE];
    paint(expected, PAGE_SIZE, 0);
    assert_memory_equal(host[0], expected, PAGE_SIZE - 24);
    paint(expected, PAGE_SIZE, 1);
    assert_memory_equal(host[1] + 40, expected + 40, PAGE_SIZE - 40);
    paint(host[0], PAGE_SIZE, 0);
    paint(host[1], PAGE_SIZE, 1);
    assert_unchanged();
}

static void clear_crosses_pages(void **state)
{
    (void)state;
    assert_int_equal(guest_mem_clear(&gstage, BASE + 100, 2 * PAGE_SIZE - 200), 0);
    for (unsigned i = 0; i < PAGE_SIZE; i++) {
        assert_int_equal(host[0][i] == 0, i >= 100 || i * 7 % 256 + i / 256 == 0);
        if (i < PAGE_SIZE - 100)
            assert_int_equal(host[1][i], 0);
    }
    uint8_t expected[PAGE_SIZE];
    paint(expected, PAGE_SIZE, 1);
    assert_memory_equal(host[1] + PAGE_SIZE - 100, expected + PAGE_SIZE - 100, 100);
}

static void large_leaves_are_one_piece(void **state)
{
    (void)state;
    static uint8_t bytes[MIB_2];
    assert_int_equal(guest_mem_read(&gstage, LARGE, bytes, MIB_2), 0);
    assert_true(memcmp(bytes, large, MIB_2) == 0);
    assert_int_equal(guest_mem_read(&gstage, LARGE + 12345, bytes, MIB_2 - 12345), 0);
    assert_true(memcmp(bytes, large + 12345, MIB_2 - 12345) == 0);
    assert_int_equal(guest_mem_read(&gstage, LARGE + MIB_2 - 1, bytes, 2), 0);
    assert_int_equal(guest_mem_write(&gstage, LARGE + MIB_2 - 1, bytes, 1), 0);
    assert_int_equal(guest_mem_write(&gstage, LARGE + MIB_2 - 1, bytes, 2), ERR_RANGE);
}

/* All three refuse it, and nothing was written on either side. */
static void assert_refused(gpa_t gpa, size_t size)
{
    uint8_t bytes[4 * PAGE_SIZE], before[4 * PAGE_SIZE];
    memset(bytes, 0x77, sizeof(bytes));
    memset(before, 0x77, sizeof(before));
    assert_int_equal(guest_mem_read(&gstage, gpa, bytes, size), ERR_RANGE);
    assert_memory_equal(bytes, before, sizeof(bytes));
    assert_int_equal(guest_mem_write(&gstage, gpa, bytes, size), ERR_RANGE);
    assert_int_equal(guest_mem_clear(&gstage, gpa, size), ERR_RANGE);
    assert_int_equal(guest_mem_check(&gstage, gpa, size, PTE_R), ERR_RANGE);
    assert_int_equal(guest_mem_check(&gstage, gpa, size, RW), ERR_RANGE);
    assert_unchanged();
}

static void holes_are_refused(void **state)
{
    (void)state;
    assert_refused(BASE - 1, 1);
    assert_refused(BASE - 1, 2);
    assert_refused(BASE + 2 * PAGE_SIZE, 1);
    assert_refused(BASE + 2 * PAGE_SIZE - 1, 2);
    assert_refused(BASE + PAGE_SIZE - 1, PAGE_SIZE + 2); /* 0 and 1 are there, 2 is not */
    assert_refused(BASE, 4 * PAGE_SIZE);                 /* a hole in the middle */
    assert_refused(0, 1);
}

static void numbers_out_of_this_world_are_refused(void **state)
{
    (void)state;
    assert_refused(GPA_END, 1);
    assert_refused(GPA_END - 1, 2);
    assert_refused(GPA_END + BASE, 8); /* above 41 bits, BASE below them */
    assert_refused(BIT(63) + BASE, 8);
    assert_refused(UINT64_MAX, 1);
    assert_refused(UINT64_MAX, 2); /* wraps to 0 */
    assert_refused(UINT64_MAX - 3, UINT64_MAX);
    assert_refused(BASE, UINT64_MAX); /* ends below BASE */
    assert_refused(BASE + 1, UINT64_MAX);
    assert_refused(BASE, -BASE); /* ends at 2^64 */
    assert_refused(LAST, UINT64_MAX - LAST + 2);
    uint8_t byte;
    assert_int_equal(guest_mem_read(&gstage, GPA_END - 1, &byte, 1), 0);
    assert_int_equal(byte, host[6][PAGE_SIZE - 1]);
}

static void rights_count(void **state)
{
    (void)state;
    uint8_t bytes[2 * PAGE_SIZE] = {0};
    const gpa_t read_only = BASE + 3 * PAGE_SIZE;
    assert_int_equal(guest_mem_read(&gstage, read_only, bytes, 2 * PAGE_SIZE), 0);
    assert_memory_equal(bytes, host[3], PAGE_SIZE);
    assert_memory_equal(bytes + PAGE_SIZE, host[4], PAGE_SIZE);
    assert_int_equal(guest_mem_write(&gstage, read_only, bytes, 1), ERR_RANGE);
    assert_int_equal(guest_mem_clear(&gstage, read_only, 1), ERR_RANGE);
    assert_int_equal(guest_mem_write(&gstage, read_only, bytes, 2 * PAGE_SIZE), ERR_RANGE);
    assert_refused(BASE + 5 * PAGE_SIZE, 1); /* for fetches only */
    assert_unchanged();

    assert_int_equal(guest_mem_check(&gstage, read_only, PAGE_SIZE, PTE_R), 0);
    assert_int_equal(guest_mem_check(&gstage, read_only, PAGE_SIZE, RW), ERR_RANGE);
    assert_int_equal(guest_mem_check(&gstage, read_only + 2 * PAGE_SIZE, 8, PTE_X), 0);
    assert_int_equal(guest_mem_check(&gstage, BASE, 2 * PAGE_SIZE, RW), 0);
    assert_int_equal(guest_mem_check(&gstage, BASE, 2 * PAGE_SIZE + 1, RW), ERR_RANGE);
}

static void nothing_can_be_asked_anywhere(void **state)
{
    (void)state;
    static const gpa_t places[] = {0, BASE, BASE + 2 * PAGE_SIZE, GPA_END, UINT64_MAX};
    for (unsigned i = 0; i < ARRAY_SIZE(places); i++) {
        assert_int_equal(guest_mem_read(&gstage, places[i], NULL, 0), 0);
        assert_int_equal(guest_mem_write(&gstage, places[i], NULL, 0), 0);
        assert_int_equal(guest_mem_clear(&gstage, places[i], 0), 0);
        assert_int_equal(guest_mem_check(&gstage, places[i], 0, RW), 0);
    }
    assert_unchanged();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_cross_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_cross_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(clear_crosses_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(large_leaves_are_one_piece, setup, teardown),
        cmocka_unit_test_setup_teardown(holes_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_out_of_this_world_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(rights_count, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_can_be_asked_anywhere, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
