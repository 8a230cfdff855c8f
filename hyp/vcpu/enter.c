/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The direct engine: the guest runs on the hardware, in VS- and VU-mode. Comes after
 * sched/run.c, uses switch.S, and is followed by exit/exit.c.
 */
#include "vcpu/enter.h"

#include "riscv/hart.h"

void vcpu_switch(struct vcpu_regs *regs);

void vcpu_enter(struct vcpu *vcpu, struct trap *trap)
{
    vcpu_switch(&vcpu->regs);
    trap->scause = csr_read(scause);
    trap->stval = csr_read(stval);
    trap->htval = csr_read(htval);
    trap->htinst = csr_read(htinst);
    trap->insn_len = 4;
}
