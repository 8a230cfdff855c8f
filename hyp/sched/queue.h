/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which vCPU a hart runs: plain round robin among those that can run, each for a time slice.
 * Every function is called on the hart itself.
 */
#ifndef SCHED_QUEUE_H
#define SCHED_QUEUE_H

#include "sched/hart.h"

void queue_init(struct hart *hart, uint64_t hartid, unsigned index, unsigned vmid_bits);

/* Ends the slice of the vCPU that runs: at the next pick others of its hart come first. */
void queue_pass(struct vcpu *vcpu);

/* Reads the mail, wakes sleepers, ends slices, and says who runs next; NULL: nobody can. */
struct vcpu *queue_pick(struct hart *hart);

/* The vCPU, running until now, waits for an interrupt, is stopped, or its machine is over. */
void queue_block(struct hart *hart, struct vcpu *vcpu);

/* Sets the timer to what comes first after host time `now`: the end of `vcpu`'s slice, its guest's
 * timer where the hart cannot do that itself and it is not due at `now`, a sleeper's deadline.
 * `vcpu` may be NULL. */
void queue_arm_timer(struct hart *hart, const struct vcpu *vcpu, uint64_t now);

/* True where the guest's WFI may put the hart itself to sleep: nobody else wants it. */
bool queue_may_sleep(const struct hart *hart);

#endif
