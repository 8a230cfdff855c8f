/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ECALL from VS-mode: a call to the SBI, which we are to the guest. ECALL from VU-mode goes to
 * the guest's kernel by delegation. The next stop is sbi/sbi.c.
 */
#include "exit/exit.h"
#include "sbi/sbi.h"

enum exit_verdict exit_ecall(struct vcpu *vcpu, struct trap *trap)
{
    (void)trap;
    return sbi_handle(vcpu);
}
