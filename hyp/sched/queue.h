/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which vCPU a hart runs: turns, the order of which is the policy's (sched/policy.h). A turn ends
 * after a slice if others wait, when the policy prefers one that wakes, at the VM's cap, or because
 * the vCPU waits or passes. Every function is called on the hart itself.
 */
#ifndef SCHED_QUEUE_H
#define SCHED_QUEUE_H

#include "sched/cap.h"
#include "sched/hart.h"

/* `caps` is filled. */
void queue_init(struct hart *hart, uint64_t hartid, unsigned index, const struct policy *policy);

/* Whose turns these are. */
static inline struct vcpu *queue_vcpu(struct vcpu_turn *turn)
{
    return ELEMENT_OF(turn, struct vcpu, turn);
}

/* The vCPU, in no queue, waits for its turn; the one whose turn it is may have to make room. */
void queue_add(struct hart *hart, struct vcpu *vcpu, enum policy_why why);

/* At the next pick others of this hart come before the vCPU that runs. */
void queue_pass(struct hart *hart);

/* Reads the mail, wakes sleepers, ends turns, and says who runs next; NULL: nobody can. */
struct vcpu *queue_pick(struct hart *hart);

/* The vCPU, running until now, waits for an interrupt, is stopped, or its machine is over. */
void queue_block(struct hart *hart, struct vcpu *vcpu);

/* True where the guest's WFI may put the hart itself to sleep: nobody else wants it, and no cap
 * counts the time. */
static inline bool queue_may_sleep(const struct hart *hart)
{
    return hart->ready_count == 1 && hart->running && !cap_is_set(hart->running->vm);
}

#endif
