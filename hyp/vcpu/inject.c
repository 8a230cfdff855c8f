/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exception delivery as a function from old state to new. Called by exit/exit.c for the verdict
 * EXIT_INJECT.
 */
#include "vcpu/inject.h"

#include "riscv/csr.h"

/* What a trap into VS-mode does to vsstatus. Priv 21.6.2 (Trap Entry). */
static uint64_t vsstatus_after_trap(uint64_t vsstatus, bool was_user)
{
    uint64_t sie = field_get(SSTATUS_SIE, vsstatus);

    vsstatus = field_set(SSTATUS_SPP, vsstatus, was_user ? 0 : 1);
    vsstatus = field_set(SSTATUS_SPIE, vsstatus, sie);
    return field_set(SSTATUS_SIE, vsstatus, 0);
}

void vcpu_inject(struct vcpu *vcpu, const struct exception *exception)
{
    struct vcpu_csrs *csrs = &vcpu->csrs;
    struct vcpu_regs *regs = &vcpu->regs;

    csrs->vsstatus = vsstatus_after_trap(csrs->vsstatus, vcpu_was_user(vcpu));
    csrs->vsepc = regs->sepc;
    csrs->vscause = exception->cause;
    csrs->vstval = exception->tval;

    /* An exception goes to BASE in both modes of stvec. Priv 12.1.2 (stvec). */
    regs->sepc = csrs->vstvec & STVEC_BASE;
    regs->sstatus |= SSTATUS_SPP;
    regs->hstatus |= HSTATUS_SPVP;
}
