/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's floating-point and vector registers. They stay in the hart until another vCPU
 * takes it; then they are saved if they were written since. The hypervisor itself uses neither.
 */
#ifndef VCPU_FPU_H
#define VCPU_FPU_H

#include "vcpu/vcpu.h"

/*
 * fpu_load fills the hart's registers from the vCPU and marks them Clean in regs.sstatus;
 * fpu_save stores what regs.sstatus says is Dirty. HS's copy of FS and VS is the only one that
 * the guest cannot forge: with V=1 a write makes both dirty. Priv 21.2.11 (vsstatus).
 */
void fpu_load(struct vcpu *vcpu);
void fpu_save(struct vcpu *vcpu);

#endif
