/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The buddy allocator on an array of the host: sizes, alignment, coalescing, the search for a
 * block's record, and that no record is trusted before it was written.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "mem/buddy.h"

#include "lib/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#define GIB         BIT(30)
#define ARENA_SIZE  (4 * GIB) /* only touched where a head's record or a link stands */
#define SMALL_PAGES 4096      /* of the tests that look at each page */
#define GARBAGE     0xa5

static uint8_t *arena; /* GiB aligned */
static uint64_t first_page;
static struct buddy buddy;
static uint64_t random_state;

static uint64_t random_below(uint64_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % limit;
}

static int arena_make(void **state)
{
    (void)state;
    /* Not from malloc: AddressSanitizer would spend an eighth of it on shadow memory. */
    void *memory = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return -1;
    arena = (uint8_t *)align_up((uintptr_t)memory, GIB);
    first_page = (uintptr_t)arena / PAGE_SIZE;
    return 0;
}

static int setup(void **state)
{
    (void)state;
    random_state = 0x9e3779b97f4a7c15;
    memset(arena, GARBAGE, SMALL_PAGES * PAGE_SIZE);
    buddy_init(&buddy);
    return 0;
}

/* Writes the order of each free block to its first page's place, 0xff elsewhere. */
static void free_map(uint8_t map[SMALL_PAGES])
{
    memset(map, 0xff, SMALL_PAGES);
    for (unsigned order = 0; order <= BUDDY_ORDER_MAX; order++) {
        const struct list *head = &buddy.lists[order];
        for (const struct list *link = head->next; link != head; link = link->next) {
            uint64_t page = (uintptr_t)link / PAGE_SIZE;
            assert_in_range(page, first_page, first_page + SMALL_PAGES - 1);
            assert_true(is_aligned(page, BIT(order)));
            map[page - first_page] = order;
        }
    }
}

static void add_needs_room_for_records(void **state)
{
    (void)state;
    assert_int_equal(buddy_add(&buddy, first_page, first_page), ERR_NO_MEMORY);
    assert_int_equal(buddy_add(&buddy, first_page + 2, first_page), ERR_NO_MEMORY);
    assert_int_equal(buddy_add(&buddy, first_page, first_page + 1), ERR_NO_MEMORY);
    assert_int_equal(buddy.region_count, 0);
    assert_int_equal(buddy.total_pages, 0);
    assert_int_equal(buddy_add(&buddy, first_page, first_page + 2), 0);
    assert_int_equal(buddy.total_pages, 1);
    assert_int_equal(buddy.free_pages, 1);
}

static void records_take_one_page_of_513(void **state)
{
    (void)state;
    static const struct {
        uint64_t pages, left;
    } cases[] = {{2, 1}, {513, 512}, {514, 512}, {515, 513}, {1026, 1024}, {1027, 1024}};
    for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
        buddy_init(&buddy);
        assert_int_equal(buddy_add(&buddy, first_page, first_page + cases[i].pages), 0);
        assert_int_equal(buddy.total_pages, cases[i].left);
    }
}

static void add_has_room_for_64_regions(void **state)
{
    (void)state;
    for (unsigned i = 0; i < BUDDY_REGIONS_MAX; i++)
        assert_int_equal(buddy_add(&buddy, first_page + 3 * i, first_page + 3 * i + 2), 0);
    assert_int_equal(buddy_add(&buddy, first_page + 1000, first_page + 1002), ERR_NO_MEMORY);
    assert_int_equal(buddy.total_pages, BUDDY_REGIONS_MAX);
    for (unsigned i = 0; i < BUDDY_REGIONS_MAX; i++)
        assert_int_not_equal(buddy_take(&buddy, 0), 0);
    assert_int_equal(buddy_take(&buddy, 0), 0);
}

static void regions_are_cut_into_the_largest_blocks(void **state)
{
    (void)state;
    uint8_t map[SMALL_PAGES];
    static const struct {
        unsigned page, order;
    } expected[] = {{5, 0},   {6, 1},   {8, 3},   {16, 4},   {32, 5},  {64, 6},
                    {128, 7}, {256, 8}, {512, 9}, {1024, 2}, {1028, 0}};
    /* Two pages of records, then 1024 pages. */
    assert_int_equal(buddy_add(&buddy, first_page + 3, first_page + 1029), 0);
    free_map(map);
    for (unsigned i = 0; i < ARRAY_SIZE(expected); i++) {
        assert_int_equal(map[expected[i].page], expected[i].order);
        map[expected[i].page] = 0xff;
    }
    for (unsigned page = 0; page < SMALL_PAGES; page++)
        assert_int_equal(map[page], 0xff);
    assert_int_equal(buddy.free_pages, 1024);
}

static void a_page_is_found_in_every_order(void **state)
{
    (void)state;
    /* 1 GiB at an aligned place, with records before it and a lone page after it. */
    uint64_t giant = first_page + GIB / PAGE_SIZE;
    assert_int_equal(buddy_add(&buddy, giant - 768, giant + BIT(18) + 1), 0);
    assert_int_equal(buddy_take(&buddy, BUDDY_ORDER_MAX + 1), 0);
    assert_int_equal(buddy_take(&buddy, BUDDY_ORDER_MAX), giant);
    assert_int_equal(buddy_take(&buddy, BUDDY_ORDER_MAX), 0);
    struct buddy_record *record = buddy_find(&buddy, giant);
    assert_int_equal(record->order, BUDDY_ORDER_MAX);
    assert_false(record->is_free);
    for (unsigned order = 0; order < BUDDY_ORDER_MAX; order++)
        assert_ptr_equal(buddy_find(&buddy, giant + BIT(order)), record);
    assert_ptr_equal(buddy_find(&buddy, giant + BIT(18) - 1), record);
    assert_ptr_not_equal(buddy_find(&buddy, giant + BIT(18)), record);

    buddy_give(&buddy, giant, BUDDY_ORDER_MAX);
    assert_int_equal(buddy_take(&buddy, BUDDY_ORDER_MAX), giant);
}

static void pages_outside_have_no_record(void **state)
{
    (void)state;
    assert_int_equal(buddy_add(&buddy, first_page + 8, first_page + 16), 0);
    assert_null(buddy_find(&buddy, 0));
    assert_null(buddy_find(&buddy, first_page + 7));
    assert_null(buddy_find(&buddy, first_page + 8)); /* the records themselves */
    assert_non_null(buddy_find(&buddy, first_page + 9));
    assert_non_null(buddy_find(&buddy, first_page + 15));
    assert_null(buddy_find(&buddy, first_page + 16));
    assert_null(buddy_find(&buddy, UINT64_MAX));
}

static void regions_that_touch_do_not_grow_together(void **state)
{
    (void)state;
    assert_int_equal(buddy_add(&buddy, first_page + 3, first_page + 8), 0);
    assert_int_equal(buddy_add(&buddy, first_page + 8, first_page + 16), 0);
    uint8_t before[SMALL_PAGES], after[SMALL_PAGES];
    free_map(before);
    uint64_t pages[11];
    for (unsigned i = 0; i < 11; i++) {
        pages[i] = buddy_take(&buddy, 0);
        assert_int_not_equal(pages[i], 0);
    }
    for (unsigned i = 0; i < 11; i++)
        buddy_give(&buddy, pages[i], 0);
    free_map(after);
    assert_memory_equal(before, after, SMALL_PAGES);
}

/* What the random test believes: the blocks in use, and whose block each page is in. */
static struct {
    uint64_t page;
    unsigned order;
} blocks[SMALL_PAGES];
static unsigned block_count;
static unsigned block_of[SMALL_PAGES]; /* index + 1 */

static void model_take(void)
{
    unsigned order = random_below(random_below(8) == 0 ? 10 : 4);
    uint64_t page = buddy_take(&buddy, order);
    if (!page)
        return;
    assert_true(is_aligned(page, BIT(order)));
    for (uint64_t i = page; i < page + BIT(order); i++) {
        assert_int_equal(block_of[i - first_page], 0);
        block_of[i - first_page] = block_count + 1;
        /* Nobody wrote to the pages but the allocator, which clears its links. */
        const uint8_t *bytes = (const uint8_t *)(i * PAGE_SIZE);
        for (unsigned byte = 0; byte < sizeof(struct list); byte++)
            assert_true(bytes[byte] == 0 || bytes[byte] == GARBAGE);
    }
    blocks[block_count].page = page;
    blocks[block_count++].order = order;
}

static void model_give(unsigned index)
{
    uint64_t page = blocks[index].page;
    buddy_give(&buddy, page, blocks[index].order);
    for (uint64_t i = page; i < page + BIT(blocks[index].order); i++)
        block_of[i - first_page] = 0;
    blocks[index] = blocks[--block_count];
    page = blocks[index].page;
    for (uint64_t i = 0; index < block_count && i < BIT(blocks[index].order); i++)
        block_of[page - first_page + i] = index + 1;
}

static void model_check(void)
{
    uint64_t used = 0;
    for (uint64_t i = 0; i < SMALL_PAGES; i++) {
        const struct buddy_record *record = buddy_find(&buddy, first_page + i);
        if (!record)
            continue;
        assert_int_equal(record->is_free, block_of[i] == 0);
        if (block_of[i] == 0)
            continue;
        used++;
        assert_int_equal(record->order, blocks[block_of[i] - 1].order);
        assert_ptr_equal(record, buddy_find(&buddy, blocks[block_of[i] - 1].page));
    }
    assert_int_equal(buddy.free_pages, buddy.total_pages - used);
}

static void random_blocks_never_overlap_and_grow_together_again(void **state)
{
    (void)state;
    uint8_t before[SMALL_PAGES], after[SMALL_PAGES];
    assert_int_equal(buddy_add(&buddy, first_page + 5, first_page + 1300), 0);
    assert_int_equal(buddy_add(&buddy, first_page + 1301, first_page + 1310), 0);
    assert_int_equal(buddy_add(&buddy, first_page + 1400, first_page + SMALL_PAGES - 1), 0);
    free_map(before);
    block_count = 0;
    memset(block_of, 0, sizeof(block_of));
    for (unsigned round = 0; round < 20000; round++) {
        /* Swings between nearly empty and exhausted. */
        if (random_below(100) < (round / 2500 % 2 ? 35 : 65))
            model_take();
        else if (block_count > 0)
            model_give(random_below(block_count));
        if (round % 500 == 0)
            model_check();
    }
    while (block_count > 0)
        model_give(random_below(block_count));
    free_map(after);
    assert_memory_equal(before, after, SMALL_PAGES);
    assert_int_equal(buddy.free_pages, buddy.total_pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(add_needs_room_for_records, setup),
        cmocka_unit_test_setup(records_take_one_page_of_513, setup),
        cmocka_unit_test_setup(add_has_room_for_64_regions, setup),
        cmocka_unit_test_setup(regions_are_cut_into_the_largest_blocks, setup),
        cmocka_unit_test_setup(a_page_is_found_in_every_order, setup),
        cmocka_unit_test_setup(pages_outside_have_no_record, setup),
        cmocka_unit_test_setup(regions_that_touch_do_not_grow_together, setup),
        cmocka_unit_test_setup(random_blocks_never_overlap_and_grow_together_again, setup),
    };
    return cmocka_run_group_tests(tests, arena_make, NULL);
}
