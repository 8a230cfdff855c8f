/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests between harts. Pure: the IPI itself is kick.c. Used by sbi/, vm/ (interrupt wires) and
 * sched/.
 */
#include "vcpu/request.h"

#include "trace/trace.h"
#include "vcpu/kick.h"
#include "vcpu/pending.h"

static void send_mail(struct vcpu *vcpu, struct vcpu_home *home)
{
    struct vcpu *first = __atomic_load_n(&home->mail, __ATOMIC_RELAXED);

    do {
        vcpu->mail_next = first;
    } while (!__atomic_compare_exchange_n(&home->mail, &first, vcpu, false, __ATOMIC_SEQ_CST,
                                          __ATOMIC_RELAXED));
}

void vcpu_send(struct vcpu *vcpu, struct vcpu_home *home)
{
    send_mail(vcpu, home);
    kick_home(home);
}

void vcpu_settle(struct vcpu *vcpu, struct vcpu_home *home)
{
    vcpu->home = home;
    __atomic_thread_fence(__ATOMIC_RELEASE);
}

/* Whoever turns is_blocked off owns the vCPU's mail link, so it is mailed once. */
void vcpu_request(struct vcpu *vcpu, uint64_t bits)
{
    __atomic_fetch_or(&vcpu->requests, bits, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&vcpu->is_blocked, __ATOMIC_SEQ_CST)) {
        if ((bits & VCPU_REQUESTS_WAKING) &&
            __atomic_exchange_n(&vcpu->is_blocked, 0, __ATOMIC_SEQ_CST)) {
            trace_request(vcpu->who, bits, vcpu->home->index);
            vcpu_send(vcpu, vcpu->home);
            return;
        }
    } else if (__atomic_load_n(&vcpu->in_guest, __ATOMIC_SEQ_CST)) {
        trace_request(vcpu->who, bits, vcpu->home->index);
        kick_home(vcpu->home);
        return;
    }
    trace_request(vcpu->who, bits, UINT64_MAX);
}

void vcpu_interrupt(struct vcpu *vcpu, uint64_t hvip_bits, bool level)
{
    pending_set(vcpu, hvip_bits, level);
    vcpu_request(vcpu, VCPU_REQUEST_INTERRUPT);
}

void vcpu_request_await(const struct vcpu *vcpu, uint64_t bits)
{
    while (__atomic_load_n(&vcpu->in_guest, __ATOMIC_SEQ_CST) &&
           (__atomic_load_n(&vcpu->requests, __ATOMIC_SEQ_CST) & bits))
        continue;
}

uint64_t vcpu_take_requests(struct vcpu *vcpu, uint64_t bits)
{
    return __atomic_fetch_and(&vcpu->requests, ~bits, __ATOMIC_SEQ_CST) & bits;
}

bool vcpu_announce_block(struct vcpu *vcpu, uint64_t waking)
{
    __atomic_store_n(&vcpu->is_blocked, 1, __ATOMIC_SEQ_CST);
    if (!(__atomic_load_n(&vcpu->requests, __ATOMIC_SEQ_CST) & waking))
        return false;
    /* Mail may be on its way already: then the mail wakes it. */
    return __atomic_exchange_n(&vcpu->is_blocked, 0, __ATOMIC_SEQ_CST);
}

struct vcpu *vcpu_take_mail(struct vcpu_home *home)
{
    if (!vcpu_has_mail(home))
        return NULL;
    return __atomic_exchange_n(&home->mail, NULL, __ATOMIC_SEQ_CST);
}
