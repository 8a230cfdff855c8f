/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vCPUs that are off their hart: blocked, or held back by their VM's cap. Then a vCPU is not
 * loaded, and in `sleepers` if it has a deadline. The orders that make waking safe are
 * vcpu/request.h's.
 */
#include "sched/sleep.h"

#include "life/life.h"
#include "sched/queue.h"
#include "sched/waiting.h"
#include "vcpu/deadline.h"
#include "vcpu/request.h"
#include "vcpu/vscsr.h"
#include "vm/debug.h"
#include "vm/steal.h"

/* A deadline further away is looked at early: keys of a heap must lie close together. */
#define SLEEP_MAX BIT(62)

static struct vcpu *first_sleeper(const struct hart *hart)
{
    return queue_vcpu(ELEMENT_OF(heap_first(&hart->sleepers), struct vcpu_turn, node));
}

static void insert_sleeper(struct hart *hart, struct vcpu *vcpu, uint64_t now)
{
    uint64_t deadline = waiting_until(vcpu, now);

    if (deadline == DEADLINE_NONE)
        return;
    deadline = now + min_u64(max_u64(deadline, now) - now, SLEEP_MAX);
    heap_insert(&hart->sleepers, &vcpu->turn.node, deadline);
}

/* It is held: true where it sleeps on, whatever else is asked of it. The request is
 * taken before the look: who resumes changes the state first. */
static bool is_held(struct vcpu *vcpu, uint64_t *requests)
{
    do {
        *requests |= vcpu_take_requests(vcpu, VCPU_REQUESTS_HELD);
        if ((*requests & VCPU_REQUEST_STOP) || !vm_holds(vcpu))
            return false;
    } while (vcpu_announce_block(vcpu, VCPU_REQUESTS_HELD));
    debug_tell(); /* a debugger may wait for this */
    return true;
}

/* After a pause a vCPU that is started can run: whether it waited then is not known, and a WFI may
 * end at any time. A pause or a stop that comes after the look at it is left in the requests, for
 * the next look. */
void sleep_settle(struct hart *hart, struct vcpu *vcpu)
{
    uint64_t requests = 0;

    do {
        uint64_t now = vscsr_time();

        if (is_held(vcpu, &requests))
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
            queue_add(hart, vcpu, POLICY_WOKEN);
            return;
        }
        insert_sleeper(hart, vcpu, now);
        if (!vcpu_announce_block(vcpu, VCPU_REQUESTS_WAKING))
            return;
        heap_remove(&hart->sleepers, &vcpu->turn.node);
        requests = 0;
    } while (true);
}

/* It comes from another hart, where it waited for its turn. */
static void arrive(struct hart *hart, struct vcpu *vcpu)
{
    vcpu->turn.is_moving = false;
    vcpu_settle(vcpu, &hart->home);
    vm_arrive(vcpu);
    queue_add(hart, vcpu, POLICY_ARRIVED);
}

void sleep_read_mail(struct hart *hart)
{
    struct vcpu *vcpu = vcpu_take_mail(&hart->home);

    while (vcpu) {
        struct vcpu *next = vcpu->mail_next;

        if (vcpu->turn.is_moving) {
            arrive(hart, vcpu);
        } else {
            heap_remove(&hart->sleepers, &vcpu->turn.node);
            sleep_settle(hart, vcpu);
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
        queue_add(hart, vcpu, POLICY_FREED);
        return;
    }
    vm_service_due(vcpu, now);
    vcpu_request(vcpu, VCPU_REQUEST_TIMER);
}

void sleep_end_due(struct hart *hart, uint64_t now)
{
    while (sleep_is_due(hart, now))
        wake(hart, first_sleeper(hart), now);
}
