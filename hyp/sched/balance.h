/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which hart a vCPU is at home on. Each hart's queues are its own; it says in a few words of
 * memory (struct hart_sign) how it is doing, and gives vCPUs away by the other's mail. A hart
 * without work says so and calls the one with the most; a hart with more than one to run gives the
 * next in turn to an idle hart at once, and now and then to one where that would be further ahead.
 * No vCPU ever moves but from the hart that has it, not loaded, in no guest and not blocked.
 */
#ifndef SCHED_BALANCE_H
#define SCHED_BALANCE_H

#include "sched/hart.h"

/* The hart takes part from now on. Boot hart only, before there are VMs. */
void balance_join(struct hart *hart);

/* All that take part, one after the other by `next`. */
struct hart *balance_harts(void);

/* Gives the vCPUs of a new VM their homes: the harts that it may run on, in turn. ERR_RANGE, and
 * the reason in *refusal, where it may run on none of this machine. */
int balance_place(struct vm *vm, struct refusal *refusal);

extern unsigned balance_hart_count; /* that joined; fixed after boot */

/* True where there is more than one hart. */
static inline bool balance_is_possible(void)
{
    return balance_hart_count > 1;
}

/* The hart has nobody to run: says so, and calls one that has. */
void balance_seek(struct hart *hart);

/* The hart has somebody to run: it is idle no more, and this is how it is doing at `now`. Returns
 * a hart to which `next`, whose turn would be next here, should move; or NULL. `next` is NULL where
 * nobody waits. A hart that is returned counts on getting it. */
struct hart *balance_offer(struct hart *hart, const struct vcpu *next, uint64_t now);

#endif
