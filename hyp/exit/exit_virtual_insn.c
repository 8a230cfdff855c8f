/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual-instruction exceptions: what would be legal in HS-mode but not in the guest, at its
 * privilege and with what we allow. Emulated are WFI, WRS.NTO and the CSRs of csr.c; to the guest
 * all else is an illegal instruction. Priv 21.6.1 (Trap Cause Codes), on virtual-instruction
 * exceptions.
 */
#include "exit/csr.h"
#include "exit/exit.h"

#include "riscv/insn.h"
#include "vcpu/fetch.h"

static enum exit_verdict illegal(struct vcpu *vcpu, uint32_t word)
{
    vcpu->inject = (struct exception){.cause = CAUSE_ILLEGAL_INSN, .tval = word};
    return EXIT_INJECT;
}

/* The instruction is always fetched: stval may be 0, and QEMU leaves that of an earlier trap in
 * it for some instructions. */
enum exit_verdict exit_virtual_insn(struct vcpu *vcpu, struct trap *trap)
{
    struct insn insn;
    uint32_t word;

    switch (fetch_insn(vcpu, &word, &vcpu->inject)) {
    case FETCH_RETRY:
        return EXIT_RESUME;
    case FETCH_FAULT:
        return EXIT_INJECT;
    case FETCH_OK:
        break;
    }
    insn = insn_decode(word);
    trap->insn_len = insn.length;
    if (insn.kind == INSN_WFI && !vcpu_was_user(vcpu))
        return EXIT_WAIT;
    /* WRS.NTO traps with VTW, where other vCPUs are ready. It may end at any time, and what it
     * waits for is a store, which wakes nobody here, but which may be one of theirs.
     * Unpriv, "Zawrs" (Wait-on-Reservation-Set) */
    if (insn.kind == INSN_WRS_NTO)
        return EXIT_PASS;
    if (insn.kind == INSN_CSR && csr_emulate(vcpu, &insn))
        return EXIT_ADVANCE;
    return illegal(vcpu, word);
}
