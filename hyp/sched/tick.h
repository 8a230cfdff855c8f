/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a hart sets its timer to: the ends of slices, sleepers, and devices of guests. Used by
 * run.c, which knows guests' timers; inline, as each switch passes here.
 */
#ifndef SCHED_TICK_H
#define SCHED_TICK_H

#include "lib/bits.h"
#include "sched/queue.h"
#include "sched/waiting.h"
#include "vcpu/deadline.h"

/* Host time at which the hart has to look at its queues again, or at the devices of `vcpu`, which
 * runs; DEADLINE_NONE for never. `vcpu` may be NULL: nobody runs. Nor does a slice end where
 * queue_may_sleep says so. On the hart itself. */
static inline uint64_t tick_next(const struct hart *hart, const struct vcpu *vcpu, bool may_sleep)
{
    const struct heap_node *sleeper = heap_first(&hart->sleepers);
    uint64_t next = vcpu ? waiting_device(vcpu) : DEADLINE_NONE;

    if (sleeper)
        next = min_u64(next, sleeper->key);
    return may_sleep ? next : min_u64(next, hart->slice_end);
}

/* `next`, or when the guest's timer expires, if that is before; one that is due at host time `now`
 * is shown already. Where the hart has no Sstc. */
static inline uint64_t tick_with_guest(uint64_t next, const struct vcpu *vcpu, uint64_t now)
{
    return deadline_is_due(vcpu, now) ? next : min_u64(next, deadline_host(vcpu, now));
}

#endif
