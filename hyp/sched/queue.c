/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns on one hart. A vCPU whose home it is has its turn (`running`), waits for one (`ready`,
 * which the policy keeps), or sleeps: blocked, or held back by its VM's cap; then it is not loaded,
 * and in `sleepers` if it has a deadline. The orders that make waking safe are vcpu/request.h's.
 */
#include "sched/queue.h"

#include "life/life.h"
#include "riscv/caps.h"
#include "sched/balance.h"
#include "sched/cap.h"
#include "sched/waiting.h"
#include "vcpu/deadline.h"
#include "vcpu/request.h"
#include "vcpu/vscsr.h"
#include "vm/steal.h"

#define SLICES_PER_SECOND 100

/* A deadline further away is looked at early: keys of a heap must lie close together. */
#define SLEEP_MAX BIT(62)

static struct vcpu *vcpu_of(struct vcpu_turn *turn)
{
    return ELEMENT_OF(turn, struct vcpu, turn);
}

static struct vcpu *first_sleeper(const struct hart *hart)
{
    return vcpu_of(ELEMENT_OF(heap_first(&hart->sleepers), struct vcpu_turn, node));
}

void queue_init(struct hart *hart, uint64_t hartid, unsigned index, const struct policy *policy)
{
    hart->head.hartid = hartid;
    hart->home = (struct vcpu_home){.hartid = hartid};
    hart->loaded = NULL;
    hart->running = NULL;
    hart->policy = policy;
    hart->ready = (struct policy_queue){.slice = caps.timebase / SLICES_PER_SECOND};
    hart->ready_count = 0;
    hart->weight = 0;
    hart->sign = (struct hart_sign){0};
    hart->balance_at = 0;
    hart->sleepers = (struct heap){0};
    hart->passes = false;
    vmid_pool_init(&hart->vmids, caps.vmid_bits, index);
    hart->index = index;
}

/* Time that passed goes to whose turn it is. */
static void charge(struct hart *hart, uint64_t now)
{
    struct vcpu *vcpu = hart->running;
    uint64_t ticks = now - hart->charged_until;

    if (!vcpu)
        return;
    hart->charged_until = now;
    hart->policy->charge(&hart->ready, &vcpu->turn, ticks);
    cap_charge(vcpu->vm, ticks, now);
}

static void count_in(struct hart *hart, const struct vcpu *vcpu)
{
    hart->ready_count++;
    hart->weight += vcpu->turn.weight;
}

static void count_out(struct hart *hart, const struct vcpu *vcpu)
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
    put_aside(hart, vcpu, now);
    vcpu->turn.is_held = true;
    heap_insert(&hart->sleepers, &vcpu->turn.node, cap_until(vcpu->vm));
}

/* It waits for its turn; the one whose turn it is may have to make room. */
static void make_ready(struct hart *hart, struct vcpu *vcpu, enum policy_why why)
{
    hart->policy->add(&hart->ready, &vcpu->turn, why);
    count_in(hart, vcpu);
    if (hart->running && hart->policy->preempts(&vcpu->turn, &hart->running->turn))
        hart->slice_end = 0;
}

static void insert_sleeper(struct hart *hart, struct vcpu *vcpu, uint64_t now)
{
    uint64_t deadline = waiting_until(vcpu, now);

    if (deadline == DEADLINE_NONE)
        return;
    deadline = now + min_u64(max_u64(deadline, now) - now, SLEEP_MAX);
    heap_insert(&hart->sleepers, &vcpu->turn.node, deadline);
}

/* Its machine is paused: true where it sleeps on, whatever else is asked of it. The request is
 * taken before the look: who resumes changes the state first. */
static bool is_paused(struct vcpu *vcpu, uint64_t *requests)
{
    do {
        *requests |= vcpu_take_requests(vcpu, VCPU_REQUESTS_HELD);
        if ((*requests & VCPU_REQUEST_STOP) || !vm_is_paused(vcpu->vm))
            return false;
    } while (vcpu_announce_block(vcpu, VCPU_REQUESTS_HELD));
    return true;
}

/* Decides what becomes of a vCPU that is in no queue and not loaded. After a pause one that is
 * started can run: whether it waited then is not known, and a WFI may end at any time. A pause or a
 * stop that comes after the look at it is left in the requests, for the next look. */
static void settle(struct hart *hart, struct vcpu *vcpu)
{
    uint64_t requests = 0;

    do {
        uint64_t now = vscsr_time();

        if (is_paused(vcpu, &requests))
            return;
        requests |= vcpu_take_requests(vcpu, VCPU_REQUESTS_WAKING & ~VCPU_REQUESTS_HELD);
        if (requests & VCPU_REQUEST_STOP) {
            life_leave(vcpu->vm);
            return;
        }
        if (requests & VCPU_REQUEST_START)
            vcpu_start(vcpu, vcpu->start_pc, vcpu->start_opaque);
        if (waiting_is_over(vcpu, requests, now)) {
            steal_begin(vcpu, now);
            make_ready(hart, vcpu, POLICY_WOKEN);
            return;
        }
        insert_sleeper(hart, vcpu, now);
        if (!vcpu_announce_block(vcpu, VCPU_REQUESTS_WAKING))
            return;
        heap_remove(&hart->sleepers, &vcpu->turn.node);
        requests = 0;
    } while (true);
}

void queue_block(struct hart *hart, struct vcpu *vcpu)
{
    charge(hart, vscsr_time());
    hart->running = NULL;
    count_out(hart, vcpu);
    vscsr_save(vcpu);
    hart->loaded = NULL;
    settle(hart, vcpu);
}

/* It comes from another hart, where it waited for its turn. */
static void arrive(struct hart *hart, struct vcpu *vcpu)
{
    vcpu->turn.is_moving = false;
    vcpu_settle(vcpu, &hart->home);
    vm_arrive(vcpu);
    make_ready(hart, vcpu, POLICY_ARRIVED);
}

static void read_mail(struct hart *hart)
{
    struct vcpu *vcpu = vcpu_take_mail(&hart->home);

    while (vcpu) {
        struct vcpu *next = vcpu->mail_next;

        if (vcpu->turn.is_moving) {
            arrive(hart, vcpu);
        } else {
            heap_remove(&hart->sleepers, &vcpu->turn.node);
            settle(hart, vcpu);
        }
        vcpu = next;
    }
}

/* A sleeper whose time has come asks for itself; if somebody was faster, the mail wakes it. */
static void wake(struct hart *hart, struct vcpu *vcpu, uint64_t now)
{
    heap_remove(&hart->sleepers, &vcpu->turn.node);
    if (vcpu->turn.is_held) {
        vcpu->turn.is_held = false;
        make_ready(hart, vcpu, POLICY_FREED);
        return;
    }
    vm_service_due(vcpu, now);
    vcpu_request(vcpu, VCPU_REQUEST_TIMER);
}

static void wake_sleepers(struct hart *hart, uint64_t now)
{
    while (!heap_is_empty(&hart->sleepers) && heap_first(&hart->sleepers)->key <= now)
        wake(hart, first_sleeper(hart), now);
}

/* The next turn, if anybody waits for one. Those over their cap are put aside. */
static void begin_turn(struct hart *hart, uint64_t now)
{
    struct vcpu_turn *turn;

    while (!hart->running && (turn = hart->policy->first(&hart->ready))) {
        struct vcpu *vcpu = vcpu_of(turn);

        hart->policy->remove(&hart->ready, turn);
        if (cap_is_reached(vcpu->vm, now)) {
            hold(hart, vcpu, now);
        } else {
            hart->running = vcpu;
            hart->charged_until = now;
            hart->slice_end = now + cap_slice(vcpu->vm, hart->ready.slice);
        }
    }
}

/* Who passes lets others go first; they are not many, or nobody. */
static void end_turn(struct hart *hart, uint64_t now)
{
    struct vcpu *vcpu = hart->running;

    hart->running = NULL;
    if (hart->passes)
        begin_turn(hart, now);
    if (cap_is_reached(vcpu->vm, now))
        hold(hart, vcpu, now);
    else
        hart->policy->add(&hart->ready, &vcpu->turn, POLICY_OVER);
}

/* Whoever waits for the next turn here may have it elsewhere. */
static void balance(struct hart *hart, uint64_t now)
{
    struct vcpu_turn *turn = hart->policy->first(&hart->ready);
    struct vcpu *vcpu = turn ? vcpu_of(turn) : NULL;
    struct hart *to = balance_offer(hart, vcpu, now);

    if (!vcpu || !to)
        return;
    hart->policy->leave(&hart->ready, turn);
    put_aside(hart, vcpu, now);
    vcpu->turn.is_moving = true;
    vcpu_send(vcpu, &to->home);
    balance_offer(hart, NULL, now); /* there is one less here */
}

void queue_pass(struct hart *hart)
{
    hart->passes = true;
}

struct vcpu *queue_pick(struct hart *hart)
{
    uint64_t now = vscsr_time();
    struct vcpu *vcpu = hart->running;

    charge(hart, now);
    wake_sleepers(hart, now);
    read_mail(hart);
    if (vcpu && (hart->passes || now >= hart->slice_end || cap_is_reached(vcpu->vm, now)))
        end_turn(hart, now);
    hart->passes = false;
    begin_turn(hart, now);
    if (hart->running)
        balance(hart, now);
    else
        balance_seek(hart);
    return hart->running;
}

bool queue_may_sleep(const struct hart *hart)
{
    return hart->ready_count == 1 && hart->running && hart->running->vm->config.cap == 0;
}
