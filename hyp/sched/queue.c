/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns on one hart. A vCPU whose home it is has its turn (`running`), waits for one (`ready`,
 * which the policy keeps), or sleeps: sleep.c.
 */
#include "sched/queue.h"

#include "life/life.h"
#include "riscv/caps.h"
#include "sched/balance.h"
#include "sched/cap.h"
#include "sched/sleep.h"
#include "trace/trace.h"
#include "vcpu/fpu.h"
#include "vcpu/request.h"
#include "vcpu/vscsr.h"
#include "vm/prefer.h"
#include "vm/steal.h"

#define SLICES_PER_SECOND 100
#define HURRY_PARTS       10 /* the turn of one that others wait for is such a part of a slice */

void queue_init(struct hart *hart, uint64_t hartid, unsigned index, const struct policy *policy)
{
    hart->head.hartid = hartid;
    hart->home = (struct vcpu_home){.hartid = hartid, .index = index, .fp_values = FPU_UNKNOWN};
    hart->loaded = NULL;
    hart->running = NULL;
    hart->policy = policy;
    hart->ready = (struct policy_queue){.slice = caps.timebase / SLICES_PER_SECOND};
    hart->ready_count = 0;
    hart->weight = 0;
    hart->sign = (struct hart_sign){0};
    hart->balance_at = 0;
    hart->sleepers = (struct heap){0};
    hart->now = 0;
    hart->passes = false;
    vmid_pool_init(&hart->vmids, caps.vmid_bits, index);
    hart->index = index;
}

/* Time that passed goes to whose turn it is. */
static inline void charge(struct hart *hart, uint64_t now)
{
    struct vcpu *vcpu = hart->running;
    uint64_t ticks = now - hart->now;

    hart->now = now;
    if (!vcpu)
        return;
    hart->policy->charge(&hart->ready, &vcpu->turn, ticks);
    if (cap_is_set(vcpu->vm))
        cap_charge(vcpu->vm, ticks, now);
}

static inline void count_in(struct hart *hart, const struct vcpu *vcpu)
{
    hart->ready_count++;
    hart->weight += vcpu->turn.weight;
}

static inline void count_out(struct hart *hart, const struct vcpu *vcpu)
{
    hart->ready_count--;
    hart->weight -= vcpu->turn.weight;
}

/* It goes away from the ready ones, though it could run. */
static void put_aside(struct hart *hart, struct vcpu *vcpu, uint64_t now)
{
    count_out(hart, vcpu);
    if (hart->loaded == vcpu) {
        vscsr_save(vcpu);
        hart->loaded = NULL;
        steal_begin(vcpu, now);
    }
}

/* It must not run before its cap allows it. */
static void hold(struct hart *hart, struct vcpu *vcpu, uint64_t now)
{
    trace_sched(vcpu->who, TRACE_SCHED_HELD, 0);
    put_aside(hart, vcpu, now);
    vcpu->turn.is_held = true;
    heap_insert(&hart->sleepers, &vcpu->turn.node, cap_until(vcpu->vm));
}

/* It waits in the policy's queue from now on. */
static inline void line_up(struct hart *hart, struct vcpu *vcpu, enum policy_why why)
{
    hart->policy->add(&hart->ready, &vcpu->turn, why);
    vcpu->turn.is_ready = true;
}

static inline void step_out(struct hart *hart, struct vcpu_turn *turn)
{
    policy_remove(&hart->ready, turn);
    turn->is_ready = false;
}

void queue_add(struct hart *hart, struct vcpu *vcpu, enum policy_why why)
{
    if (trace_wants(TRACE_SCHED))
        trace_sched(vcpu->who, why == POLICY_ARRIVED ? TRACE_SCHED_ARRIVED : TRACE_SCHED_WAKE, 0);
    line_up(hart, vcpu, why);
    count_in(hart, vcpu);
    if (hart->running && hart->policy->preempts(&vcpu->turn, &hart->running->turn))
        hart->slice_end = 0;
}

void queue_block(struct hart *hart, struct vcpu *vcpu)
{
    trace_sched(vcpu->who, TRACE_SCHED_BLOCK, 0);
    charge(hart, vscsr_time());
    hart->running = NULL;
    count_out(hart, vcpu);
    vscsr_save(vcpu);
    hart->loaded = NULL;
    sleep_settle(hart, vcpu);
}

/* Its turn begins, unless its cap is reached: then it is put aside. */
static inline void give_turn(struct hart *hart, struct vcpu *vcpu, uint64_t now)
{
    uint64_t slice = hart->ready.slice;

    if (cap_is_reached(vcpu->vm, now)) {
        hold(hart, vcpu, now);
        return;
    }
    if (cap_is_set(vcpu->vm))
        slice = cap_slice(vcpu->vm, slice);
    hart->running = vcpu;
    hart->slice_end = now + slice;
}

/* The next turn, if anybody waits for one. */
static inline void begin_turn(struct hart *hart, uint64_t now)
{
    struct vcpu_turn *turn;

    while (!hart->running && (turn = policy_first(&hart->ready))) {
        step_out(hart, turn);
        give_turn(hart, queue_vcpu(turn), now);
    }
}

static enum trace_sched why_over(const struct hart *hart)
{
    if (hart->passes)
        return TRACE_SCHED_PASSED;
    return hart->slice_end == 0 ? TRACE_SCHED_PREEMPTED : TRACE_SCHED_SLICE_OVER;
}

/* Who passes lets others go first; they are not many, or nobody. */
static inline void end_turn(struct hart *hart, uint64_t now)
{
    struct vcpu *vcpu = hart->running;

    if (trace_wants(TRACE_SCHED))
        trace_sched(vcpu->who, why_over(hart), 0);
    hart->running = NULL;
    if (hart->passes)
        begin_turn(hart, now);
    if (cap_is_reached(vcpu->vm, now))
        hold(hart, vcpu, now);
    else
        line_up(hart, vcpu, POLICY_OVER);
}

/* Whoever waits for the next turn here may have it elsewhere. */
static void balance(struct hart *hart, uint64_t now)
{
    struct vcpu_turn *turn = policy_first(&hart->ready);
    struct vcpu *vcpu = turn ? queue_vcpu(turn) : NULL;
    struct hart *to = balance_offer(hart, vcpu, now);

    if (!vcpu || !to)
        return;
    step_out(hart, turn);
    hart->policy->leave(&hart->ready, turn);
    put_aside(hart, vcpu, now);
    vcpu->turn.is_moving = true;
    trace_sched(vcpu->who, TRACE_SCHED_SENT, to->index);
    vcpu_send(vcpu, &to->home);
    balance_offer(hart, NULL, now); /* there is one less here */
}

/* True where the vCPU, any that there is, waits in this hart's queue. Where it is another hart's,
 * that wrote `home` before `is_ready`. */
static bool waits_here(const struct hart *hart, const struct vcpu *vcpu)
{
    return __atomic_load_n(&vcpu->turn.is_ready, __ATOMIC_ACQUIRE) && vcpu->home == &hart->home;
}

/* Somebody waits for this vCPU. True where the policy prefers it: who has its turn passes. */
static bool hurry(struct hart *hart, struct vcpu *vcpu)
{
    bool is_next = waits_here(hart, vcpu) && hart->policy->hurry(&hart->ready, &vcpu->turn);

    if (is_next) {
        hart->passes = true;
        trace_directed(hart->running ? hart->running->who : TRACE_NOBODY, vcpu->who);
    }
    life_leave(vcpu->vm);
    return is_next;
}

/* A turn for an answer only. */
static void shorten_turn(struct hart *hart, uint64_t now)
{
    hart->slice_end = min_u64(hart->slice_end, now + hart->ready.slice / HURRY_PARTS);
}

void queue_pass(struct hart *hart)
{
    hart->passes = true;
}

static inline bool is_over(const struct hart *hart, uint64_t now)
{
    return hart->passes || now >= hart->slice_end || cap_is_reached(hart->running->vm, now);
}

struct vcpu *queue_pick(struct hart *hart)
{
    uint64_t now = vscsr_time();
    bool is_hurried = false;

    charge(hart, now);
    if (sleep_is_due(hart, now))
        sleep_end_due(hart, now);
    if (vcpu_has_mail(&hart->home))
        sleep_read_mail(hart);
    if (prefer_is_asked(&hart->home))
        is_hurried = hurry(hart, prefer_take(&hart->home));
    if (hart->running && is_over(hart, now))
        end_turn(hart, now);
    hart->passes = false;
    begin_turn(hart, now);
    if (is_hurried)
        shorten_turn(hart, now);
    if (!hart->running)
        balance_seek(hart);
    else if (balance_is_possible())
        balance(hart, now);
    return hart->running;
}
