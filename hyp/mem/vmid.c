/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMIDs by generations: see the header for the scheme. This file hands out numbers; the fences
 * that they save are mem/fence.c, and vm_bind makes the word for hgatp of them.
 */
#include "mem/vmid.h"

#include "lib/assert.h"
#include "lib/bits.h"

/*
 * A generation's number: the pool's id in the low field, so that no two pools share one, and a
 * count above it. 48 bits of count last 800 years at 10,000 new generations a second.
 */
#define GENERATION_COUNT BITS(63, 16)
#define GENERATION_POOL  BITS(15, 0)
#define VMID_BITS_MAX    14 /* hgatp.VMID, Priv 21.2.10 (hgatp) */

void vmid_pool_init(struct vmid_pool *pool, unsigned bits, uint32_t pool_id)
{
    assert(bits <= VMID_BITS_MAX);
    assert(pool_id <= GENERATION_POOL);
    pool->count = 1U << bits;
    /* Used up: so the first vmid_take asks for a fence, whatever was cached before us. */
    pool->next = pool->count;
    pool->generation = field_set(GENERATION_COUNT, pool_id, 1); /* not the 0 of a new vmid */
}

static void generation_begin(struct vmid_pool *pool)
{
    pool->generation += field_set(GENERATION_COUNT, 0, 1);
    pool->next = 0;
}

bool vmid_take(struct vmid_pool *pool, struct vmid *vmid)
{
    if (vmid_is_good(pool, vmid))
        return false;
    bool is_new = pool->next == pool->count;
    if (is_new)
        generation_begin(pool);
    vmid->generation = pool->generation;
    vmid->number = pool->next++;
    return is_new;
}
