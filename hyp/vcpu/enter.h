/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seam of the engines: entering a guest is a call that returns when the guest traps.
 */
#ifndef VCPU_ENTER_H
#define VCPU_ENTER_H

#include "vcpu/vcpu.h"

/*
 * Runs the guest from vcpu->regs until it traps. Before: the vCPU is loaded on this hart
 * (vscsr_load), interrupts are off, regs.hstatus.SPV is set. After: vcpu->regs holds the guest's
 * registers, and what is returned, one of vcpu->traps, all that the hart says of the trap; nobody
 * reads the trap CSRs again.
 */
struct trap *vcpu_enter(struct vcpu *vcpu);

#endif
