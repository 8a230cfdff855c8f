/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How one hart asks something of a vCPU that may run, wait or sleep on another: an atomic bit,
 * and a kick so that it is looked at. No lock, and no knowledge of queues.
 *
 * The two orders that make it safe: the asker sets the bit, then looks whether the vCPU is in
 * its guest or blocked; the vCPU's hart says that it enters or blocks, then looks at the bits.
 * One of the two always sees the other.
 *
 * `home` may change, but only where nobody reads it. Askers read it in two cases. One: they turned
 * is_blocked from 1 to 0; the home hart wrote that 1, and does not touch the vCPU again before it
 * has read the mail, so home is what it was. Two: they saw in_guest = 1; then either that hart is
 * still home, or the vCPU has left the guest since and was moved: the kick goes to a hart that
 * does not need it, and the new one sees the request before it enters, as the bit was set before
 * in_guest was seen, and in_guest went to 0 before the vCPU was mailed. A vCPU that moves is
 * neither blocked nor in its guest, from vcpu_send until vcpu_settle: requests are bits only. The
 * release fence of vcpu_settle comes before any in_guest = 1 of the new hart, so that who sees
 * that sees the new home.
 */
#ifndef VCPU_REQUEST_H
#define VCPU_REQUEST_H

#include "lib/word.h"
#include "vcpu/vcpu.h"

/* Sets the VCPU_REQUEST_ bits. A vCPU in its guest is kicked out of it; a blocked one is put
 * into its home hart's mail if one of the bits is of VCPU_REQUESTS_WAKING. Any hart. */
void vcpu_request(struct vcpu *vcpu, uint64_t bits);

/* pending_set, and the request to look at it. Any hart. */
void vcpu_interrupt(struct vcpu *vcpu, uint64_t hvip_bits, bool level);

/* Returns when the vCPU cannot run another guest instruction before it has done what `bits`
 * ask for. Any hart but inside vcpu_enter; needs vcpu_request(vcpu, bits) before. */
void vcpu_request_await(const struct vcpu *vcpu, uint64_t bits);

/* Home hart only: takes those of `bits` that are asked for. */
uint64_t vcpu_take_requests(struct vcpu *vcpu, uint64_t bits);

/*
 * Home hart only. vcpu_announce_entry says that the guest is entered next, and returns the
 * requests that must be served first (then it is not announced); vcpu_announce_exit ends it.
 * Inline, as every exit passes here. The full fence orders the announcement before the look.
 */
static inline uint64_t vcpu_announce_entry(struct vcpu *vcpu)
{
    word_store_u32(&vcpu->in_guest, 1);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (__builtin_expect(!word_load_u64(&vcpu->requests), true))
        return 0;
    word_store_u32(&vcpu->in_guest, 0);
    return vcpu_take_requests(vcpu, UINT64_MAX);
}

static inline void vcpu_announce_exit(struct vcpu *vcpu)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
    word_store_u32(&vcpu->in_guest, 0);
}

/* Home hart only: the vCPU, in no queue, sleeps until it is mailed. True where a request of
 * `waking`, some of VCPU_REQUESTS_WAKING, came meanwhile: then it does not sleep and is not mailed.
 * (Mail it gets for any of VCPU_REQUESTS_WAKING.) */
bool vcpu_announce_block(struct vcpu *vcpu, uint64_t waking);

/* True where a vCPU of this home was woken; the hart that woke one of its own is not kicked. */
static inline bool vcpu_has_mail(const struct vcpu_home *home)
{
    return __atomic_load_n(&home->mail, __ATOMIC_RELAXED);
}

/* Home hart only: gives a vCPU that is ready, in none of its queues and not loaded to another
 * hart, through its mail. */
void vcpu_send(struct vcpu *vcpu, struct vcpu_home *home);

/* The hart that found such a vCPU in its mail makes itself its home. */
void vcpu_settle(struct vcpu *vcpu, struct vcpu_home *home);

/* Takes all mail of a home hart: vCPUs linked through mail_next, in any order. */
struct vcpu *vcpu_take_mail(struct vcpu_home *home);

#endif
