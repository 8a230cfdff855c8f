/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page pool on an array of the host: owners, shares, scrubbing, our own mistakes, and a long
 * random run against a model. pages.c is compiled in here with a lock that is watched: one deep,
 * and not held while a block is scrubbed.
 */
#include "mem/pages.h"

#include "lib/assert.h"
#include "lib/err.h"
#include "mem/buddy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_PAGES 8192
#define ARENA_SIZE  (ARENA_PAGES * PAGE_SIZE)
#define GARBAGE     0xa5
#define VM_1        1
#define VM_2        2

static uint8_t *arena; /* 4 MiB aligned */
static uint64_t random_state;

/* The fake lock notes a byte of the block under test each time it is taken and released. */
#define LIB_LOCK_H
struct lock {
    bool is_taken;
};

static const uint8_t *watched;
static uint8_t seen[8];
static unsigned seen_count;

static void note(void)
{
    if (watched && seen_count < sizeof(seen))
        seen[seen_count++] = *watched;
}

static void lock_take(struct lock *lock)
{
    assert_false(lock->is_taken);
    lock->is_taken = true;
    note();
}

static void lock_release(struct lock *lock)
{
    assert_true(lock->is_taken);
    note();
    lock->is_taken = false;
}

#include "mem/pages.c"

static uint64_t random_below(uint64_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % limit;
}

static hpa_t page_at(uint64_t index)
{
    return (uintptr_t)arena + index * PAGE_SIZE;
}

static int arena_make(void **state)
{
    (void)state;
    arena = aligned_alloc(4 << 20, ARENA_SIZE);
    return arena ? 0 : -1;
}

static int arena_drop(void **state)
{
    (void)state;
    free(arena);
    return 0;
}

static int setup(void **state)
{
    (void)state;
    random_state = 0x2545f4914f6cdd1d;
    pool.lock.is_taken = false;
    watched = NULL;
    seen_count = 0;
    memset(arena, GARBAGE, ARENA_SIZE);
    pages_init();
    return 0;
}

static int setup_with_pool(void **state)
{
    setup(state);
    assert_int_equal(pages_add(page_at(0), ARENA_SIZE), 0);
    return 0;
}

static void assert_bytes(hpa_t hpa, uint64_t size, uint8_t value)
{
    const uint8_t *bytes = (const uint8_t *)hpa;
    for (uint64_t i = 0; i < size; i++) {
        if (bytes[i] != value)
            fail_msg("byte %lu is 0x%x, not 0x%x", i, bytes[i], value);
    }
}

/* After a failed assertion the lock would stay taken: the machine would have stopped. */
#define expect_our_mistake(call)                                                                   \
    do {                                                                                           \
        expect_assert_failure(call);                                                               \
        pool.lock.is_taken = false;                                                                \
    } while (0)

static void an_empty_pool_gives_nothing(void **state)
{
    (void)state;
    assert_int_equal(pages_alloc(0, VM_1), 0);
    assert_int_equal(pages_free_count(), 0);
    assert_int_equal(pages_total_count(), 0);
    assert_int_equal(pages_owner(page_at(0)), PAGES_OWNER_NONE);
    assert_int_equal(pages_shares(page_at(0)), 0);
}

static void regions_are_cut_to_whole_pages(void **state)
{
    (void)state;
    assert_int_equal(pages_add(page_at(0) + 1, 2 * PAGE_SIZE), ERR_NO_MEMORY);
    assert_int_equal(pages_add(page_at(0) + 1, 3 * PAGE_SIZE - 2), ERR_NO_MEMORY);
    assert_int_equal(pages_add(page_at(0) + 1, 3 * PAGE_SIZE - 1), 0);
    assert_int_equal(pages_total_count(), 1);
    assert_int_equal(pages_alloc(0, VM_1), page_at(2));
    assert_int_equal(pages_add(page_at(4), 3 * PAGE_SIZE - 1), 0);
    assert_int_equal(pages_alloc(0, VM_1), page_at(5));
    assert_int_equal(pages_alloc(0, VM_1), 0);
}

static void regions_without_sense_are_refused(void **state)
{
    (void)state;
    assert_int_equal(pages_add(page_at(0), 0), ERR_NO_MEMORY);
    assert_int_equal(pages_add(0, PAGE_SIZE), ERR_NO_MEMORY);
    assert_int_equal(pages_add(UINT64_MAX, 0), ERR_NO_MEMORY);
    assert_int_equal(pages_add(UINT64_MAX, 1), ERR_NO_MEMORY);
    assert_int_equal(pages_add(-PAGE_SIZE, PAGE_SIZE), ERR_NO_MEMORY);
    assert_int_equal(pages_add(-PAGE_SIZE, 3 * PAGE_SIZE), ERR_NO_MEMORY);
    assert_int_equal(pages_add(page_at(0), UINT64_MAX), ERR_NO_MEMORY);
    assert_int_equal(pages_total_count(), 0);
}

static void orders_hold_sizes(void **state)
{
    (void)state;
    assert_int_equal(pages_order(1), 0);
    assert_int_equal(pages_order(PAGE_SIZE), 0);
    assert_int_equal(pages_order(PAGE_SIZE + 1), 1);
    assert_int_equal(pages_order(2 * PAGE_SIZE), 1);
    assert_int_equal(pages_order(2 * PAGE_SIZE + 1), 2);
    assert_int_equal(pages_order(BIT(30)), PAGES_ORDER_MAX);
    assert_int_equal(pages_order(BIT(30) + 1), PAGES_ORDER_MAX + 1);
    assert_int_equal(pages_order(UINT64_MAX), 52);
    assert_int_equal(pages_alloc(pages_order(UINT64_MAX), VM_1), 0);
}

static void every_page_of_a_block_knows_its_owner(void **state)
{
    (void)state;
    for (unsigned order = 0; order < 10; order++) {
        hpa_t hpa = pages_alloc(order, VM_1 + order);
        assert_true(is_aligned(hpa, PAGE_SIZE << order));
        for (uint64_t offset = 0; offset < PAGE_SIZE << order; offset += PAGE_SIZE / 2) {
            assert_int_equal(pages_owner(hpa + offset), VM_1 + order);
            assert_int_equal(pages_shares(hpa + offset), 1);
            assert_int_equal(pages_block_order(hpa + offset), order);
        }
    }
    assert_int_equal(pages_free_count(), pages_total_count() - 1023);
    assert_int_equal(pages_owner(page_at(0)), PAGES_OWNER_NONE); /* a page of records */
    assert_int_equal(pages_owner(0), PAGES_OWNER_NONE);
    assert_int_equal(pages_owner(UINT64_MAX), PAGES_OWNER_NONE);
    assert_int_equal(pages_shares(UINT64_MAX), 0);
    assert_int_equal(pages_block_order(UINT64_MAX), 0);
}

static void the_last_share_frees(void **state)
{
    (void)state;
    hpa_t hpa = pages_alloc(1, VM_1);
    pages_share(hpa);
    pages_share(hpa);
    assert_int_equal(pages_shares(hpa + PAGE_SIZE), 3);
    memset((void *)hpa, 0x5a, 2 * PAGE_SIZE);
    for (unsigned left = 2; left > 0; left--) {
        pages_free(hpa, 1);
        assert_int_equal(pages_shares(hpa), left);
        assert_int_equal(pages_owner(hpa), VM_1);
        assert_bytes(hpa, 2 * PAGE_SIZE, 0x5a);
    }
    pages_free(hpa, 1);
    assert_int_equal(pages_shares(hpa), 0);
    assert_int_equal(pages_owner(hpa), PAGES_OWNER_NONE);
    assert_int_equal(pages_free_count(), pages_total_count());
}

static void what_a_vm_frees_is_scrubbed(void **state)
{
    (void)state;
    hpa_t hpa = pages_alloc(3, VM_1);
    memset((void *)hpa, 0x5a, PAGE_SIZE << 3);
    pages_free(hpa, 3);
    hpa_t again = pages_alloc(3, VM_2);
    assert_int_equal(again, hpa);
    assert_bytes(again, PAGE_SIZE << 3, 0);
}

static void what_the_hypervisor_frees_is_left_alone(void **state)
{
    (void)state;
    hpa_t hpa = pages_alloc(3, PAGES_OWNER_HYP);
    memset((void *)hpa, 0x5a, PAGE_SIZE << 3);
    pages_free(hpa, 3);
    assert_int_equal(pages_alloc(3, PAGES_OWNER_HYP), hpa);
    /* But for the link of a free block, which is cleared again. */
    assert_bytes(hpa, 16, 0);
    assert_bytes(hpa + 16, (PAGE_SIZE << 3) - 16, 0x5a);
}

static void memory_never_used_is_left_alone(void **state)
{
    (void)state;
    hpa_t hpa = pages_alloc(9, VM_1);
    for (unsigned i = 0; i < 512; i++) {
        const uint8_t *bytes = (const uint8_t *)(hpa + i * PAGE_SIZE);
        assert_true(bytes[0] == GARBAGE || (bytes[0] == 0 && bytes[15] == 0));
        assert_bytes(hpa + i * PAGE_SIZE + 16, PAGE_SIZE - 16, GARBAGE);
    }
}

static void scrubbing_needs_no_lock(void **state)
{
    (void)state;
    hpa_t hpa = pages_alloc(0, VM_1);
    memset((void *)hpa, 0x5a, PAGE_SIZE);
    watched = (const uint8_t *)hpa + 100;
    pages_free(hpa, 0);
    static const uint8_t expected[] = {0x5a, 0x5a, 0, 0};
    assert_int_equal(seen_count, sizeof(expected));
    assert_memory_equal(seen, expected, sizeof(expected));
}

static void no_address_of_ours_is_left_in_a_block(void **state)
{
    (void)state;
    static hpa_t pages[ARENA_PAGES];
    unsigned count = 0;
    for (hpa_t hpa; (hpa = pages_alloc(0, VM_1)) != 0;)
        pages[count++] = hpa;
    assert_int_equal(count, pages_total_count());
    while (count > 0)
        pages_free(pages[--count], 0);
    for (hpa_t hpa; (hpa = pages_alloc(random_below(5), VM_2)) != 0;)
        assert_bytes(hpa, PAGE_SIZE, 0);
}

static void our_mistakes_stop_the_machine(void **state)
{
    (void)state;
    hpa_t hpa = pages_alloc(2, VM_1);
    hpa_t freed = pages_alloc(2, VM_1);
    pages_free(freed, 2);
    expect_our_mistake(pages_alloc(0, PAGES_OWNER_NONE));
    expect_our_mistake(pages_free(freed, 2)); /* twice */
    expect_our_mistake(pages_free(hpa, 1));   /* another order */
    expect_our_mistake(pages_free(hpa, 3));
    expect_our_mistake(pages_free(hpa + PAGE_SIZE, 0)); /* not its start */
    expect_our_mistake(pages_free(hpa + 8, 2));
    expect_our_mistake(pages_free(0, 0)); /* never managed */
    expect_our_mistake(pages_share(freed));
    expect_our_mistake(pages_share(hpa + PAGE_SIZE));
    expect_our_mistake(pages_share(0));
    assert_int_equal(pages_shares(hpa), 1);
    assert_int_equal(pages_owner(hpa), VM_1);
}

static void shares_do_not_wrap(void **state)
{
    (void)state;
    hpa_t hpa = pages_alloc(0, VM_1);
    /* 67 million calls would take too long: reach into the record. */
    uint64_t first_managed = ARENA_PAGES - pages_total_count();
    struct buddy_record *records = (struct buddy_record *)arena;
    struct buddy_record *record = &records[(hpa - page_at(first_managed)) / PAGE_SIZE];
    assert_int_equal(record->shares, 1);
    record->shares = BUDDY_SHARES_MAX - 1;
    pages_share(hpa);
    assert_int_equal(pages_shares(hpa), BUDDY_SHARES_MAX);
    expect_our_mistake(pages_share(hpa));
    assert_int_equal(pages_shares(hpa), BUDDY_SHARES_MAX);
}

/* What the random test believes. */
static struct {
    hpa_t hpa;
    unsigned order;
    unsigned shares;
    uint32_t owner;
} blocks[ARENA_PAGES];
static unsigned block_count;
static uint8_t is_used[ARENA_PAGES];

static void mark(unsigned index, uint8_t used)
{
    uint64_t first = (blocks[index].hpa - page_at(0)) / PAGE_SIZE;
    for (uint64_t i = first; i < first + BIT(blocks[index].order); i++) {
        assert_int_equal(is_used[i], !used);
        is_used[i] = used;
    }
}

static void model_alloc(void)
{
    unsigned order = random_below(6);
    uint32_t owner = random_below(4);
    hpa_t hpa = pages_alloc(order, owner);
    if (!hpa)
        return;
    blocks[block_count].hpa = hpa;
    blocks[block_count].order = order;
    blocks[block_count].shares = 1;
    blocks[block_count].owner = owner;
    mark(block_count++, 1);
    /* Each page says whose it is; that is looked at when it goes. */
    for (uint64_t i = 0; i < BIT(order); i++)
        *(uint32_t *)(hpa + i * PAGE_SIZE + 64) = owner;
}

static void model_free(unsigned index)
{
    hpa_t hpa = blocks[index].hpa + random_below(PAGE_SIZE << blocks[index].order);
    assert_int_equal(pages_owner(hpa), blocks[index].owner);
    assert_int_equal(pages_shares(hpa), blocks[index].shares);
    for (uint64_t i = 0; i < BIT(blocks[index].order); i++) {
        uint32_t owner = *(uint32_t *)(blocks[index].hpa + i * PAGE_SIZE + 64);
        assert_int_equal(owner, blocks[index].owner);
    }
    pages_free(blocks[index].hpa, blocks[index].order);
    if (--blocks[index].shares > 0)
        return;
    mark(index, 0);
    blocks[index] = blocks[--block_count];
}

static void model_check(void)
{
    uint64_t used = 0;
    for (unsigned i = 0; i < block_count; i++)
        used += BIT(blocks[i].order);
    assert_int_equal(pages_free_count(), pages_total_count() - used);
    for (uint64_t i = 0; i < ARENA_PAGES; i++)
        assert_int_equal(pages_shares(page_at(i)) > 0, is_used[i]);
}

static void a_long_random_run(void **state)
{
    (void)state;
    assert_int_equal(pages_add(page_at(3) + 17, 2000 * PAGE_SIZE + 99), 0);
    assert_int_equal(pages_add(page_at(2500), 5000 * PAGE_SIZE), 0);
    assert_int_equal(pages_add(page_at(8000), 90 * PAGE_SIZE - 1), 0);
    block_count = 0;
    for (unsigned round = 0; round < 30000; round++) {
        unsigned dice = random_below(100);
        if (dice < (round / 4000 % 2 ? 30 : 60)) {
            model_alloc();
        } else if (block_count > 0 && dice > 90) {
            unsigned index = random_below(block_count);
            pages_share(blocks[index].hpa);
            blocks[index].shares++;
        } else if (block_count > 0) {
            model_free(random_below(block_count));
        }
        if (round % 1000 == 0)
            model_check();
    }
    while (block_count > 0)
        model_free(block_count - 1);
    model_check();
    assert_int_equal(pages_free_count(), pages_total_count());
    /* All has grown together: 5000 pages less 10 of records, from page 2510 of a 4 MiB place. */
    assert_int_not_equal(pages_alloc(10, VM_1), 0);
    assert_int_not_equal(pages_alloc(10, VM_1), 0);
    assert_int_not_equal(pages_alloc(10, VM_1), 0);
    assert_int_not_equal(pages_alloc(10, VM_1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_empty_pool_gives_nothing, setup),
        cmocka_unit_test_setup(regions_are_cut_to_whole_pages, setup),
        cmocka_unit_test_setup(regions_without_sense_are_refused, setup),
        cmocka_unit_test_setup(orders_hold_sizes, setup_with_pool),
        cmocka_unit_test_setup(every_page_of_a_block_knows_its_owner, setup_with_pool),
        cmocka_unit_test_setup(the_last_share_frees, setup_with_pool),
        cmocka_unit_test_setup(what_a_vm_frees_is_scrubbed, setup_with_pool),
        cmocka_unit_test_setup(what_the_hypervisor_frees_is_left_alone, setup_with_pool),
        cmocka_unit_test_setup(memory_never_used_is_left_alone, setup_with_pool),
        cmocka_unit_test_setup(scrubbing_needs_no_lock, setup_with_pool),
        cmocka_unit_test_setup(no_address_of_ours_is_left_in_a_block, setup_with_pool),
        cmocka_unit_test_setup(our_mistakes_stop_the_machine, setup_with_pool),
        cmocka_unit_test_setup(shares_do_not_wrap, setup_with_pool),
        cmocka_unit_test_setup(a_long_random_run, setup),
    };
    return cmocka_run_group_tests(tests, arena_make, arena_drop);
}
