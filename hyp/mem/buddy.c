/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Buddies: a block of 2^order pages is cut into two halves, whose page numbers differ in one bit,
 * and the halves grow together again when both are free. Nothing is ever written or read but the
 * heads' records and the links inside free blocks, so memory of any size is added in no time.
 * Who owns a block, and locking, are mem/pages.c, next on the path.
 */
#include "mem/buddy.h"

#include "lib/err.h"
#include "lib/string.h"

#define RECORDS_PER_PAGE (PAGE_SIZE / sizeof(struct buddy_record))

_Static_assert(sizeof(struct buddy_record) == 8, "a page's record is at most 8 bytes");
_Static_assert(BUDDY_ORDER_MAX < 32, "an order fits its field");

static struct list *link_of(uint64_t page)
{
    return (struct list *)(page * PAGE_SIZE);
}

static struct buddy_record *record_of(const struct buddy_region *region, uint64_t page)
{
    return &region->records[page - region->first];
}

static bool region_has(const struct buddy_region *region, uint64_t page)
{
    return page >= region->first && page < region->end;
}

/* NULL where no region has the page. */
static const struct buddy_region *region_find(const struct buddy *buddy, uint64_t page)
{
    for (unsigned i = 0; i < buddy->region_count; i++) {
        if (region_has(&buddy->regions[i], page))
            return &buddy->regions[i];
    }
    return NULL;
}

static void block_list(struct buddy *buddy, const struct buddy_region *region, uint64_t page,
                       unsigned order)
{
    *record_of(region, page) = (struct buddy_record){.order = order, .is_free = 1};
    list_append(&buddy->lists[order], link_of(page));
}

/* The link is cleared, so that whoever gets the block learns no address of ours. */
static void block_unlist(const struct buddy_region *region, uint64_t page)
{
    record_of(region, page)->is_free = 0;
    list_remove(link_of(page));
    memset(link_of(page), 0, sizeof(struct list));
}

/* `page` is the buddy of a block that is not free, so it is a head if it is in the region. */
static bool block_is_free(const struct buddy_region *region, uint64_t page, unsigned order)
{
    return region_has(region, page) && record_of(region, page)->is_free &&
           record_of(region, page)->order == order;
}

void buddy_init(struct buddy *buddy)
{
    memset(buddy, 0, sizeof(*buddy));
    for (unsigned order = 0; order <= BUDDY_ORDER_MAX; order++)
        list_init(&buddy->lists[order]);
}

/* The order of the largest block that can start at `page` and goes no further than `end`. */
static unsigned order_fitting(uint64_t page, uint64_t end)
{
    unsigned order = 0;
    while (order < BUDDY_ORDER_MAX && is_aligned(page, BIT(order + 1)) &&
           end - page >= BIT(order + 1))
        order++;
    return order;
}

int buddy_add(struct buddy *buddy, uint64_t first, uint64_t end)
{
    if (first >= end || buddy->region_count == BUDDY_REGIONS_MAX)
        return ERR_NO_MEMORY;
    /* One page of records serves RECORDS_PER_PAGE others. */
    uint64_t record_pages = (end - first + RECORDS_PER_PAGE) / (RECORDS_PER_PAGE + 1);
    if (record_pages == end - first)
        return ERR_NO_MEMORY;

    struct buddy_region *region = &buddy->regions[buddy->region_count++];
    region->records = (struct buddy_record *)(first * PAGE_SIZE);
    region->first = first + record_pages;
    region->end = end;
    for (uint64_t page = region->first; page < end;) {
        unsigned order = order_fitting(page, end);
        block_list(buddy, region, page, order);
        page += BIT(order);
    }
    buddy->total_pages += end - region->first;
    buddy->free_pages += end - region->first;
    return 0;
}

uint64_t buddy_take(struct buddy *buddy, unsigned order)
{
    unsigned have = order;
    while (have <= BUDDY_ORDER_MAX && list_is_empty(&buddy->lists[have]))
        have++;
    if (have > BUDDY_ORDER_MAX)
        return 0;
    /* The one that was given back last: it is the likeliest to be in a cache. */
    uint64_t page = (uintptr_t)buddy->lists[have].prev / PAGE_SIZE;
    const struct buddy_region *region = region_find(buddy, page);
    block_unlist(region, page);
    while (have > order) {
        have--;
        block_list(buddy, region, page + BIT(have), have);
    }
    *record_of(region, page) = (struct buddy_record){.order = order};
    buddy->free_pages -= BIT(order);
    return page;
}

void buddy_give(struct buddy *buddy, uint64_t page, unsigned order)
{
    const struct buddy_region *region = region_find(buddy, page);
    buddy->free_pages += BIT(order);
    while (order < BUDDY_ORDER_MAX && block_is_free(region, page ^ BIT(order), order)) {
        block_unlist(region, page ^ BIT(order));
        order++;
        page = align_down(page, BIT(order));
    }
    block_list(buddy, region, page, order);
}

struct buddy_record *buddy_find(const struct buddy *buddy, uint64_t page)
{
    const struct buddy_region *region = region_find(buddy, page);
    if (!region)
        return NULL;
    /*
     * The largest order goes first. Where no larger block holds the page, the first of its
     * 2^order pages is a head, if it is in the region: a block around both would be one of the
     * larger ones. So no record is read that was never written.
     */
    for (unsigned order = BUDDY_ORDER_MAX; order > 0; order--) {
        uint64_t head = align_down(page, BIT(order));
        if (region_has(region, head) && record_of(region, head)->order == order)
            return record_of(region, head);
    }
    return record_of(region, page);
}
