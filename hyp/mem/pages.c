/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page pool: who owns which block, how often it is shared, and what a block holds when it is
 * given out. One lock guards it all. Which blocks are free is buddy.c, before this file on the
 * path; gstage.c, after it, maps blocks for guests.
 */
#include "mem/pages.h"

#include "lib/assert.h"
#include "lib/lock.h"
#include "lib/string.h"
#include "mem/buddy.h"

#include <stdbool.h>

_Static_assert(PAGES_ORDER_MAX == BUDDY_ORDER_MAX, "pages.h promises what buddy.c can do");

static struct {
    struct lock lock;
    /* pool.lock must be held. A block with no shares is free or being scrubbed. */
    struct buddy buddy;
} pool;

void pages_init(void)
{
    pool.lock = (struct lock){0};
    buddy_init(&pool.buddy);
}

int pages_add(hpa_t base, uint64_t size)
{
    uint64_t first = base / PAGE_SIZE + !is_aligned(base, PAGE_SIZE);
    uint64_t end = (base + size) / PAGE_SIZE;
    lock_take(&pool.lock);
    int err = buddy_add(&pool.buddy, first, end);
    lock_release(&pool.lock);
    return err;
}

hpa_t pages_alloc(unsigned order, uint32_t owner)
{
    assert(owner != PAGES_OWNER_NONE);
    lock_take(&pool.lock);
    uint64_t page = buddy_take(&pool.buddy, order);
    if (page) {
        struct buddy_record *block = buddy_find(&pool.buddy, page);
        block->owner = owner;
        block->shares = 1;
    }
    lock_release(&pool.lock);
    return page * PAGE_SIZE;
}

/* The record of the block in use that starts at `hpa`. pool.lock must be held. */
static struct buddy_record *block_at(hpa_t hpa)
{
    struct buddy_record *block = buddy_find(&pool.buddy, hpa / PAGE_SIZE);
    assert(block && is_aligned(hpa, PAGE_SIZE << block->order));
    assert(block->shares > 0);
    return block;
}

/* Drops a share. True where it was the last: then *owner is whose it was. */
static bool block_drop(hpa_t hpa, unsigned order, uint32_t *owner)
{
    lock_take(&pool.lock);
    struct buddy_record *block = block_at(hpa);
    assert(block->order == order);
    block->shares--;
    bool was_last = block->shares == 0;
    *owner = block->owner;
    lock_release(&pool.lock);
    return was_last;
}

void pages_free(hpa_t hpa, unsigned order)
{
    uint32_t owner;
    if (!block_drop(hpa, order, &owner))
        return;
    /* Nobody has the block now and nobody can get it: so this needs no lock. */
    if (owner != PAGES_OWNER_HYP)
        memset((void *)hpa, 0, PAGE_SIZE << order);
    lock_take(&pool.lock);
    buddy_give(&pool.buddy, hpa / PAGE_SIZE, order);
    lock_release(&pool.lock);
}

void pages_share(hpa_t hpa)
{
    lock_take(&pool.lock);
    struct buddy_record *block = block_at(hpa);
    assert(block->shares < BUDDY_SHARES_MAX);
    block->shares++;
    lock_release(&pool.lock);
}

uint32_t pages_owner(hpa_t hpa)
{
    lock_take(&pool.lock);
    const struct buddy_record *block = buddy_find(&pool.buddy, hpa / PAGE_SIZE);
    uint32_t owner = block && block->shares > 0 ? block->owner : PAGES_OWNER_NONE;
    lock_release(&pool.lock);
    return owner;
}

unsigned pages_shares(hpa_t hpa)
{
    lock_take(&pool.lock);
    const struct buddy_record *block = buddy_find(&pool.buddy, hpa / PAGE_SIZE);
    unsigned shares = block ? block->shares : 0;
    lock_release(&pool.lock);
    return shares;
}

unsigned pages_block_order(hpa_t hpa)
{
    lock_take(&pool.lock);
    const struct buddy_record *block = buddy_find(&pool.buddy, hpa / PAGE_SIZE);
    unsigned order = block ? block->order : 0;
    lock_release(&pool.lock);
    return order;
}

uint64_t pages_free_count(void)
{
    lock_take(&pool.lock);
    uint64_t count = pool.buddy.free_pages;
    lock_release(&pool.lock);
    return count;
}

uint64_t pages_total_count(void)
{
    lock_take(&pool.lock);
    uint64_t count = pool.buddy.total_pages;
    lock_release(&pool.lock);
    return count;
}

unsigned pages_order(uint64_t size)
{
    unsigned order = 0;
    for (uint64_t pages = (size - 1) / PAGE_SIZE; pages > 0; pages /= 2)
        order++;
    return order;
}
