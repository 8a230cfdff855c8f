/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The CSRs that we emulate for guests.
 */
#ifndef EXIT_CSR_H
#define EXIT_CSR_H

#include "riscv/insn.h"
#include "vcpu/vcpu.h"

/* Carries a CSR instruction out. False, with nothing changed, where the guest may not do it or
 * the CSR is not emulated. */
bool csr_emulate(struct vcpu *vcpu, const struct insn *insn);

#endif
