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
    if (cap_is_set(vcpu->vm))
        cap_charge(vcpu->vm, ticks, now);
    policy_charge(&vcpu->turn, ticks);
}

static inline void count_in(struct hart *hart, struct vcpu *vcpu)
{
    hart->ready_count++;
    hart->weight += vcpu->turn.weight;
    vcpu->turn.is_ready = true;
}

static inline void count_out(struct hart *hart, struct vcpu *vcpu)
{
    hart->ready_count--;
    hart->weight -= vcpu->turn.weight;
    vcpu->turn.is_ready = false;
}

/* It goes away from the ready ones, though it could run. */
static void put_aside(struct hart *hart, struct vcpu *vcpu, uint64_t now)
{
    policy_settle(&hart->ready, &vcpu->turn);
    count_out(hart, vcpu);
    if (hart->loaded == vcpu) {
        vscsr_save(vcpu);
        hart->loaded = NULL;
        steal_begin(vcpu, now);
    }
}

/* It must not run before its cap allows it. */
static void hold(struct hart *hart, struct vcpu *vcpu)
{
    trace_sched(vcpu->who, TRACE_SCHED_HELD, 0);
    put_aside(hart, vcpu, hart->now);
    vcpu->turn.is_held = true;
    heap_insert(&hart->sleepers, &vcpu->turn.node, cap_until(vcpu->vm));
}

void queue_add(struct hart *hart, struct vcpu *vcpu, enum policy_why why)
{
    if (trace_wants(TRACE_SCHED))
        trace_sched(vcpu->who, why == POLICY_ARRIVED ? TRACE_SCHED_ARRIVED : TRACE_SCHED_WAKE, 0);
    hart->policy->place(&hart->ready, &vcpu->turn, why);
    policy_add(&hart->ready, &vcpu->turn);
    count_in(hart, vcpu);
    if (hart->running && hart->policy->preempts(&vcpu->turn, &hart->running->turn))
        hart->slice_end = 0;
}

void queue_block(struct hart *hart, struct vcpu *vcpu)
{
    trace_sched(vcpu->who, TRACE_SCHED_BLOCK, 0);
    charge(hart, vscsr_time());
    policy_settle(&hart->ready, &vcpu->turn);
    hart->running = NULL;
    count_out(hart, vcpu);
    vscsr_save(vcpu);
    hart->loaded = NULL;
    sleep_settle(hart, vcpu);
}

/* Who is next waits no more; NULL where nobody waits. */
static inline struct vcpu *take_next(struct hart *hart)
{
    return policy_first(&hart->ready) ? queue_vcpu(policy_take(&hart->ready)) : NULL;
}

/* The turn of a vCPU, whose VM has a cap, begins; it is not too long. Where the cap is reached the
 * vCPU is put aside, and the next one has the turn, or NULL. */
static __attribute__((noinline)) struct vcpu *begin_capped(struct hart *hart, struct vcpu *vcpu)
{
    while (vcpu && cap_is_reached(vcpu->vm, hart->now)) {
        hold(hart, vcpu);
        vcpu = take_next(hart);
    }
    if (vcpu && cap_is_set(vcpu->vm))
        hart->slice_end = hart->now + cap_slice(vcpu->vm, hart->ready.slice);
    return vcpu;
}

/* The next one that waits for a turn has it; NULL where nobody can. */
static inline struct vcpu *begin_turn(struct hart *hart)
{
    struct vcpu *vcpu = take_next(hart);

    hart->slice_end = hart->now + hart->ready.slice;
    if (vcpu && cap_is_set(vcpu->vm))
        vcpu = begin_capped(hart, vcpu);
    hart->running = vcpu;
    return vcpu;
}

static enum trace_sched why_over(const struct hart *hart)
{
    if (hart->passes)
        return TRACE_SCHED_PASSED;
    return hart->slice_end == 0 ? TRACE_SCHED_PREEMPTED : TRACE_SCHED_SLICE_OVER;
}

/* Its turn is over, and it waits for another one. */
static inline void go_back(struct hart *hart, struct vcpu *vcpu)
{
    if (cap_is_reached(vcpu->vm, hart->now))
        hold(hart, vcpu);
    else
        policy_add(&hart->ready, &vcpu->turn);
}

/* It lets others go first, and then goes to its place. Returns who has the next turn, or NULL. */
static __attribute__((noinline)) struct vcpu *pass_turn(struct hart *hart, struct vcpu *vcpu)
{
    struct vcpu *next;

    policy_settle(&hart->ready, &vcpu->turn);
    next = begin_turn(hart);
    hart->passes = false;
    go_back(hart, vcpu);
    return next;
}

/* Returns who has the next turn, where that begins already, or NULL. */
static inline struct vcpu *end_turn(struct hart *hart, struct vcpu *vcpu)
{
    if (trace_wants(TRACE_SCHED))
        trace_sched(vcpu->who, why_over(hart), 0);
    if (hart->passes)
        return pass_turn(hart, vcpu);
    go_back(hart, vcpu);
    policy_settle_waiting(&hart->ready);
    return NULL;
}

/* Whoever waits for the next turn here may have it elsewhere. */
static void balance(struct hart *hart, uint64_t now)
{
    struct vcpu_turn *turn = policy_first(&hart->ready);
    struct vcpu *vcpu = turn ? queue_vcpu(turn) : NULL;
    struct hart *to;

    policy_settle(&hart->ready, &hart->running->turn);
    to = balance_offer(hart, vcpu, now);
    if (!vcpu || !to)
        return;
    policy_remove(&hart->ready, turn);
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
    return __atomic_load_n(&vcpu->turn.is_ready, __ATOMIC_ACQUIRE) && vcpu->home == &hart->home &&
           vcpu != hart->running;
}

void queue_pass(struct hart *hart)
{
    hart->passes = true;
    hart->slice_end = 0;
}

/* Somebody waits for this vCPU. True where the policy prefers it: who has its turn passes. */
static bool hurry(struct hart *hart, struct vcpu *vcpu)
{
    bool is_next = waits_here(hart, vcpu) && hart->policy->hurry(&hart->ready, &vcpu->turn);

    if (is_next) {
        policy_put_first(&hart->ready, &vcpu->turn);
        if (hart->running)
            queue_pass(hart);
        trace_directed(hart->running ? hart->running->who : TRACE_NOBODY, vcpu->who);
    }
    life_leave(vcpu->vm);
    return is_next;
}

static inline bool is_over(const struct hart *hart, const struct vcpu *running)
{
    return hart->now >= hart->slice_end || cap_is_reached(running->vm, hart->now);
}

/* Whose turn it is from hart->now on. */
static inline __attribute__((always_inline)) struct vcpu *pick(struct hart *hart)
{
    struct vcpu *vcpu = hart->running;

    if (vcpu && is_over(hart, vcpu))
        vcpu = end_turn(hart, vcpu);
    if (!vcpu)
        vcpu = begin_turn(hart);
    if (!vcpu)
        balance_seek(hart);
    else if (balance_is_possible())
        balance(hart, hart->now);
    return vcpu;
}

/* True where a sleeper's time has come, or others have something for this hart. */
static inline bool has_news(const struct hart *hart)
{
    return sleep_is_due(hart, hart->now) || vcpu_has_mail(&hart->home) ||
           prefer_is_asked(&hart->home);
}

/* The same, after a look at that. A turn that is for an answer only is short. */
static __attribute__((noinline)) struct vcpu *pick_after_news(struct hart *hart)
{
    struct vcpu *vcpu;
    bool is_hurried;

    if (hart->running)
        policy_settle(&hart->ready, &hart->running->turn);
    sleep_end_due(hart, hart->now);
    sleep_read_mail(hart);
    is_hurried = prefer_is_asked(&hart->home) && hurry(hart, prefer_take(&hart->home));
    vcpu = pick(hart);
    if (is_hurried)
        hart->slice_end = min_u64(hart->slice_end, hart->now + hart->ready.slice / HURRY_PARTS);
    return vcpu;
}

struct vcpu *queue_pick(struct hart *hart)
{
    charge(hart, vscsr_time());
    return has_news(hart) ? pick_after_news(hart) : pick(hart);
}
