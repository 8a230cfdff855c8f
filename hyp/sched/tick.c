/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hart's timer: slices, sleepers, and guests' timers without Sstc. Used by run.c.
 */
#include "sched/tick.h"

#include "platform.h"
#include "riscv/caps.h"
#include "sched/queue.h"
#include "sched/waiting.h"
#include "vcpu/deadline.h"

/* When the hart has to look at its queues again. */
static uint64_t next_look(const struct hart *hart, const struct vcpu *vcpu)
{
    const struct heap_node *sleeper = heap_first(&hart->sleepers);
    uint64_t next = sleeper ? sleeper->key : DEADLINE_NONE;

    if (!vcpu)
        return next;
    next = min_u64(next, waiting_device(vcpu));
    return queue_may_sleep(hart) ? next : min_u64(next, hart->slice_end);
}

/* Without Sstc a guest's timer is the host's; one that is due is shown already. Out of line, so
 * that the rest needs no frame. */
static __attribute__((noinline)) void arm_for_guest(uint64_t next, const struct vcpu *vcpu,
                                                    uint64_t now)
{
    if (!deadline_is_due(vcpu, now))
        next = min_u64(next, deadline_host(vcpu, now));
    platform_timer_set(next);
}

void tick_arm(struct hart *hart, const struct vcpu *vcpu, uint64_t now)
{
    uint64_t next = next_look(hart, vcpu);

    if (vcpu && !caps.sstc)
        arm_for_guest(next, vcpu, now);
    else
        platform_timer_set(next);
}
