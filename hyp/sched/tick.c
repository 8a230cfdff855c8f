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

/* What the running vCPU wants the timer for. A guest timer that is due at `now` is shown already.
 */
static uint64_t running_deadline(const struct hart *hart, const struct vcpu *vcpu, uint64_t now)
{
    uint64_t next = waiting_device(vcpu);

    if (!queue_may_sleep(hart))
        next = min_u64(next, hart->slice_end);
    if (!caps.sstc && !deadline_is_due(vcpu, now))
        next = min_u64(next, deadline_host(vcpu, now));
    return next;
}

void tick_arm(struct hart *hart, const struct vcpu *vcpu, uint64_t now)
{
    uint64_t next = DEADLINE_NONE;

    if (!heap_is_empty(&hart->sleepers))
        next = heap_first(&hart->sleepers)->key;
    if (vcpu)
        next = min_u64(next, running_deadline(hart, vcpu, now));
    platform_timer_set(next);
}
