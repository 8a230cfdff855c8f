/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's floating-point and vector registers. They stay in the hart until another vCPU takes
 * it. The hypervisor itself uses neither.
 */
#ifndef VCPU_FPU_H
#define VCPU_FPU_H

#include "vcpu/vcpu.h"

/*
 * fpu_load fills the hart's registers from the vCPU, fpu_save takes them back. Always all of
 * them: sstatus.FS and VS of HS would say what was written, but QEMU 10 does not set them Dirty
 * when V=1 writes fcsr or vcsr, and cores are known that do so for no write at all. Priv 21.2.11
 * (vsstatus).
 */
void fpu_load(struct vcpu *vcpu);
void fpu_save(struct vcpu *vcpu);

#endif
