/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical pages: a buddy allocator over the machine's RAM. Blocks of 2^order pages, aligned
 * to their size. Each block knows its owner and a share count.
 *
 * One pool with one lock inside; every function here may be called from any hart.
 */
#ifndef MEM_PAGES_H
#define MEM_PAGES_H

#include "mem/addr.h"

#include <stddef.h>

#define PAGES_ORDER_MAX 18 /* 1 GiB blocks */

/* Owners other than a VM's id (which are 1 and up). */
#define PAGES_OWNER_HYP  0U          /* the hypervisor's own tables and stacks */
#define PAGES_OWNER_NONE 0xffffffffU /* free, or never managed */

/* Empties the pool. Before the first pages_add. */
void pages_init(void);

/*
 * Gives [base, base + size) to the pool, cut to whole pages, less the page records, which are
 * placed at its start. Regions do not overlap. Ranges that must stay away (image, device tree,
 * bundle, firmware) are left out by the caller. ERR_NO_MEMORY where the region is too small to
 * hold its own records, ERR_NO_MEMORY where there are too many regions.
 * Its pages count as never owned by a VM.
 */
int pages_add(hpa_t base, uint64_t size);

/*
 * A block of 2^order pages for `owner`, share count 1; 0 where there is none (0 is never a
 * valid block). The contents are as the firmware, or the scrubbing at free, left them; the
 * hypervisor's own users clear what they need.
 */
hpa_t pages_alloc(unsigned order, uint32_t owner);

/*
 * Drops one share of the block that starts at `hpa` (as given by pages_alloc, same order). The
 * last one frees it: a block owned by a VM is scrubbed (zeroed) first, outside the lock.
 */
void pages_free(hpa_t hpa, unsigned order);

/* One more share of the block that starts at `hpa`. */
void pages_share(hpa_t hpa);

/* Who owns the page at `hpa`: looks for the head of its block. PAGES_OWNER_NONE outside. */
uint32_t pages_owner(hpa_t hpa);

/* Shares of the block that holds `hpa`; 0 when free or outside. */
unsigned pages_shares(hpa_t hpa);

/* The order of the block in use that holds `hpa`. */
unsigned pages_block_order(hpa_t hpa);

/* Counts, in pages: free now, and managed in all (records not counted). */
uint64_t pages_free_count(void);
uint64_t pages_total_count(void);

/* The smallest order whose block holds `size` bytes (size > 0). */
unsigned pages_order(uint64_t size);

#endif
