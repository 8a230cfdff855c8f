/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The buddy allocator under mem/pages.c: which blocks are free, and where the record of a block
 * is. It counts in page numbers (address / PAGE_SIZE), and it has no lock: pages.c holds its own
 * around every call.
 */
#ifndef MEM_BUDDY_H
#define MEM_BUDDY_H

#include "lib/list.h"
#include "mem/addr.h"

#define BUDDY_ORDER_MAX   18 /* 1 GiB blocks */
#define BUDDY_REGIONS_MAX 64
#define BUDDY_SHARES_MAX  (BIT(26) - 1)

/* Of each page; only that of a block's first page, its head, says anything. */
struct buddy_record {
    /* Who has the block and how often: for mem/pages.c. 0 in a free block. */
    uint32_t owner;
    uint32_t shares : 26;
    uint32_t order : 5;
    uint32_t is_free : 1; /* in buddy->lists[order] */
};

struct buddy_region {
    uint64_t first; /* page number */
    uint64_t end;   /* page number after the last */
    struct buddy_record *records;
};

struct buddy {
    struct list lists[BUDDY_ORDER_MAX + 1]; /* free blocks; the links stand in the blocks */
    struct buddy_region regions[BUDDY_REGIONS_MAX];
    unsigned region_count;
    uint64_t free_pages;
    uint64_t total_pages; /* those with records; the records' own pages do not count */
};

void buddy_init(struct buddy *buddy);

/*
 * Gives the pages [first, end), which overlap no earlier ones: the records are placed in the
 * first of them, the rest is free. ERR_NO_MEMORY where no page would be left, or no region slot.
 */
int buddy_add(struct buddy *buddy, uint64_t first, uint64_t end);

/*
 * The first page of a block of 2^order pages, aligned to its size; 0, which is never a block,
 * where there is none. Its record has order and is_free right, owner and shares 0. The words
 * that held the list's link are 0, the other contents are left alone.
 */
uint64_t buddy_take(struct buddy *buddy, unsigned order);

/* Takes the block back that starts at `page`. It grows together with its free neighbours. */
void buddy_give(struct buddy *buddy, uint64_t page, unsigned order);

/* The record of the block, free or not, that holds `page`; NULL where no region has the page. */
struct buddy_record *buddy_find(const struct buddy *buddy, uint64_t page);

#endif
