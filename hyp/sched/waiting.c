/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a vCPU that is not loaded can run. Used by queue.c, which knows where it waits.
 */
#include "sched/waiting.h"

#include "lib/bits.h"
#include "riscv/csr.h"
#include "vcpu/deadline.h"
#include "vcpu/pending.h"

/* True where its timer could wake the vCPU, which is not loaded. */
static bool awaits_timer(const struct vcpu *vcpu)
{
    uint32_t state = __atomic_load_n(&vcpu->hsm_state, __ATOMIC_SEQ_CST);

    return (state == SBI_HSM_STARTED || state == SBI_HSM_SUSPENDED) &&
           (vcpu->csrs.vsie << 1 & HVIP_VSTIP);
}

uint64_t waiting_until(const struct vcpu *vcpu, uint64_t now)
{
    uint64_t timer = awaits_timer(vcpu) ? deadline_host(vcpu, now) : DEADLINE_NONE;

    return min_u64(timer, waiting_device(vcpu));
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

bool waiting_is_over(struct vcpu *vcpu, uint64_t requests, uint64_t now)
{
    take_interrupts(vcpu);
    switch (__atomic_load_n(&vcpu->hsm_state, __ATOMIC_SEQ_CST)) {
    case SBI_HSM_STARTED:
        return (requests & (VCPU_REQUEST_START | VCPU_REQUEST_STATE)) || has_interrupt(vcpu, now);
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
