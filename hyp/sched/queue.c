/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The queues of one hart. A vCPU is in `ready`, or blocked: then it is not loaded, and in
 * `sleepers` if it has a deadline. The orders that make waking safe are vcpu/request.h's.
 */
#include "sched/queue.h"

#include "life/life.h"
#include "platform.h"
#include "riscv/caps.h"
#include "riscv/csr.h"
#include "vcpu/deadline.h"
#include "vcpu/pending.h"
#include "vcpu/request.h"
#include "vcpu/vscsr.h"
#include "vm/steal.h"

#define SLICES_PER_SECOND 100

static struct vcpu *vcpu_of(struct list *link)
{
    return LIST_ELEMENT(link, struct vcpu, queue_link);
}

void queue_init(struct hart *hart, uint64_t hartid, unsigned index, unsigned vmid_bits)
{
    hart->head.hartid = hartid;
    hart->home = (struct vcpu_home){.hartid = hartid};
    hart->loaded = NULL;
    list_init(&hart->ready);
    hart->ready_count = 0;
    list_init(&hart->sleepers);
    vmid_pool_init(&hart->vmids, vmid_bits, index);
    hart->index = index;
}

static void append_ready(struct hart *hart, struct vcpu *vcpu, uint64_t now)
{
    steal_begin(vcpu, now);
    vcpu->slice_end = 0;
    list_append(&hart->ready, &vcpu->queue_link);
    hart->ready_count++;
}

static uint64_t device_deadline(const struct vcpu *vcpu)
{
    return __atomic_load_n(&vcpu->device_deadline, __ATOMIC_SEQ_CST);
}

/* True where its timer could wake the vCPU, which is not loaded. */
static bool awaits_timer(const struct vcpu *vcpu)
{
    uint32_t state = __atomic_load_n(&vcpu->hsm_state, __ATOMIC_SEQ_CST);

    return (state == SBI_HSM_STARTED || state == SBI_HSM_SUSPENDED) &&
           (vcpu->csrs.vsie << 1 & HVIP_VSTIP);
}

/* When a vCPU that is not loaded must be looked at again, in host time. */
static uint64_t wake_time(const struct vcpu *vcpu, uint64_t now)
{
    uint64_t timer = awaits_timer(vcpu) ? deadline_host(vcpu, now) : DEADLINE_NONE;

    return min_u64(timer, device_deadline(vcpu));
}

static void insert_sleeper(struct hart *hart, struct vcpu *vcpu, uint64_t now)
{
    uint64_t deadline = wake_time(vcpu, now);
    struct list *place = hart->sleepers.next;

    if (deadline == DEADLINE_NONE)
        return;
    while (place != &hart->sleepers && wake_time(vcpu_of(place), now) <= deadline)
        place = place->next;
    list_insert_before(place, &vcpu->queue_link);
}

/* Interrupts that others sent, into the hvip of a vCPU that is not loaded. */
static void take_interrupts(struct vcpu *vcpu)
{
    uint64_t raise, lower;

    pending_take(vcpu, &raise, &lower);
    vcpu->csrs.hvip = (vcpu->csrs.hvip | raise) & ~lower;
}

/* The rule of WFI, for a vCPU that is not loaded: pending and enabled, whatever vsstatus.SIE.
 * vsie's bits stand one place below hip's. Priv 3.3.3 (Wait for Interrupt), 21.2.12 (vsip). */
static bool has_interrupt(const struct vcpu *vcpu, uint64_t now)
{
    uint64_t pending = vcpu->csrs.hvip;

    if (deadline_is_due(vcpu, now))
        pending |= HVIP_VSTIP;
    return pending & (vcpu->csrs.vsie << 1) & vcpu->csrs.hideleg;
}

/* SBI 9.4: an interrupt ends a suspension; the non-retentive one begins anew, with what ended it
 * still pending. */
static void resume(struct vcpu *vcpu)
{
    uint64_t hvip = vcpu->csrs.hvip;
    uint64_t vstimecmp = vcpu->csrs.vstimecmp;

    if (vcpu->resumes_at_start)
        vcpu_start(vcpu, vcpu->start_pc, vcpu->start_opaque);
    vcpu->csrs.hvip = hvip;
    vcpu->csrs.vstimecmp = vstimecmp;
    vcpu->resumes_at_start = false;
    __atomic_store_n(&vcpu->hsm_state, SBI_HSM_STARTED, __ATOMIC_SEQ_CST);
}

/* True where the vCPU, not loaded, can run. After a pause one that is started does: whether it
 * waited then is not known, and a WFI may end at any time. */
static bool can_run(struct vcpu *vcpu, uint64_t requests, uint64_t now)
{
    switch (__atomic_load_n(&vcpu->hsm_state, __ATOMIC_SEQ_CST)) {
    case SBI_HSM_STARTED:
        return (requests & VCPU_REQUEST_STATE) || has_interrupt(vcpu, now);
    case SBI_HSM_SUSPENDED:
        /* On the board an IPI is M-mode's at first, so it wakes a hart that has it disabled. */
        if (!has_interrupt(vcpu, now) && !(vcpu->csrs.hvip & HVIP_VSSIP))
            return false;
        resume(vcpu);
        return true;
    default:
        return false;
    }
}

/* Its machine is paused: true where it sleeps on, whatever else is asked of it. The request is
 * taken before the look: who resumes changes the state first. */
static bool is_held(struct vcpu *vcpu, uint64_t *requests)
{
    do {
        *requests |= vcpu_take_requests(vcpu, VCPU_REQUESTS_HELD);
        if ((*requests & VCPU_REQUEST_STOP) || !vm_is_paused(vcpu->vm))
            return false;
    } while (vcpu_announce_block(vcpu, VCPU_REQUESTS_HELD));
    return true;
}

/* Decides what becomes of a vCPU that is in no queue and not loaded. */
static void settle(struct hart *hart, struct vcpu *vcpu)
{
    uint64_t requests = 0;

    do {
        uint64_t now = vscsr_time();

        if (is_held(vcpu, &requests))
            return;
        requests |= vcpu_take_requests(vcpu, VCPU_REQUESTS_WAKING);
        if (requests & VCPU_REQUEST_STOP) {
            life_leave(vcpu->vm);
            return;
        }
        if (requests & VCPU_REQUEST_START)
            vcpu_start(vcpu, vcpu->start_pc, vcpu->start_opaque);
        take_interrupts(vcpu);
        if ((requests & VCPU_REQUEST_START) || can_run(vcpu, requests, now)) {
            append_ready(hart, vcpu, now);
            return;
        }
        insert_sleeper(hart, vcpu, now);
        if (!vcpu_announce_block(vcpu, VCPU_REQUESTS_WAKING))
            return;
        list_remove(&vcpu->queue_link);
        requests = 0;
    } while (true);
}

void queue_block(struct hart *hart, struct vcpu *vcpu)
{
    list_remove(&vcpu->queue_link);
    hart->ready_count--;
    vscsr_save(vcpu);
    hart->loaded = NULL;
    settle(hart, vcpu);
}

static void read_mail(struct hart *hart)
{
    struct vcpu *vcpu = vcpu_take_mail(&hart->home);

    while (vcpu) {
        struct vcpu *next = vcpu->mail_next;

        list_remove(&vcpu->queue_link);
        settle(hart, vcpu);
        vcpu = next;
    }
}

/* A sleeper whose time has come asks for itself; if somebody was faster, the mail wakes it. */
static void wake_sleepers(struct hart *hart, uint64_t now)
{
    while (!list_is_empty(&hart->sleepers)) {
        struct vcpu *vcpu = vcpu_of(hart->sleepers.next);

        if (wake_time(vcpu, now) > now)
            return;
        list_remove(&vcpu->queue_link);
        vm_service_due(vcpu, now);
        vcpu_request(vcpu, VCPU_REQUEST_TIMER);
    }
}

/* A slice begins when its vCPU comes to the front; 0 means that it has not. */
static void turn_slices(struct hart *hart, uint64_t now)
{
    struct vcpu *current = vcpu_of(hart->ready.next);

    if (current->slice_end != 0 && now >= current->slice_end) {
        list_remove(&current->queue_link);
        list_append(&hart->ready, &current->queue_link);
        current->slice_end = 0;
        current = vcpu_of(hart->ready.next);
    }
    if (current->slice_end == 0)
        current->slice_end = now + caps.timebase / SLICES_PER_SECOND;
}

void queue_pass(struct vcpu *vcpu)
{
    vcpu->slice_end = 1; /* 0 would mean that its slice has not begun */
}

struct vcpu *queue_pick(struct hart *hart)
{
    uint64_t now = vscsr_time();

    wake_sleepers(hart, now);
    read_mail(hart);
    if (list_is_empty(&hart->ready))
        return NULL;
    turn_slices(hart, now);
    return vcpu_of(hart->ready.next);
}

/* What the running vCPU wants the timer for. A guest timer that is due at `now` is shown already.
 */
static uint64_t running_deadline(const struct hart *hart, const struct vcpu *vcpu, uint64_t now)
{
    uint64_t next = device_deadline(vcpu);

    if (!queue_may_sleep(hart))
        next = min_u64(next, vcpu->slice_end);
    if (!caps.sstc && !deadline_is_due(vcpu, now))
        next = min_u64(next, deadline_host(vcpu, now));
    return next;
}

void queue_arm_timer(struct hart *hart, const struct vcpu *vcpu, uint64_t now)
{
    uint64_t next = DEADLINE_NONE;

    if (!list_is_empty(&hart->sleepers))
        next = wake_time(vcpu_of(hart->sleepers.next), now);
    if (vcpu)
        next = min_u64(next, running_deadline(hart, vcpu, now));
    platform_timer_set(next);
}

bool queue_may_sleep(const struct hart *hart)
{
    return hart->ready_count == 1;
}
