/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMIDs by generations. A VMID tags cached translations of one hart, so each hart has a pool of
 * its own, used by that hart alone, and each vCPU gets its own VMID: a guest's ASIDs are local to
 * a hart (Priv 12.2.1, Supervisor Memory-Management Fence Instruction), so two vCPUs of one VM
 * that take turns on a hart must not share one. When a pool runs out, a new generation begins:
 * everything cached is fenced once and all older VMIDs count as lost.
 *
 * With 0 VMID bits there is one VMID, and every change of vCPU is a new generation: correct, by
 * the same few lines.
 */
#ifndef MEM_VMID_H
#define MEM_VMID_H

#include <stdbool.h>
#include <stdint.h>

struct vmid_pool {
    uint32_t count;      /* VMIDs that the hart has: 1 << VMIDLEN */
    uint32_t next;       /* the next one never used in this generation */
    uint64_t generation; /* unique over all pools and time; 0 is never used */
};

/* What a vCPU holds of a pool. Start state: all zero. */
struct vmid {
    uint64_t generation;
    uint32_t number;
};

/* `bits` is VMIDLEN, 0 to 14. `pool_id` differs for every pool (the hart's index): no two pools
 * ever use the same generation number. */
void vmid_pool_init(struct vmid_pool *pool, unsigned bits, uint32_t pool_id);

/* True where vmid->number is good on this hart: vmid_take would change nothing. */
static inline bool vmid_is_good(const struct vmid_pool *pool, const struct vmid *vmid)
{
    return vmid->generation == pool->generation;
}

/*
 * Makes vmid->number good on this hart. True where a new generation began, as at the first call
 * of all: the caller must drop all cached guest translations of the hart (vscsr_load), after
 * hgatp holds the number and before the next entry. (Before hgatp is written, the hart may still
 * cache translations of the old table, under a number that now means a new one.)
 */
bool vmid_take(struct vmid_pool *pool, struct vmid *vmid);

#endif
