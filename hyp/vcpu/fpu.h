/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's floating-point and vector registers. They stay in the hart until another vCPU takes
 * it. The hypervisor itself uses neither.
 *
 * They move only where that makes a difference. sstatus.FS and VS of HS say whether the guest wrote
 * any since they were Clean: Priv 21.2.11 (vsstatus). What was saved gets a new name, a number that
 * is never used again; a hart knows the name of what it holds. Equal names are equal values, so a
 * vCPU that finds its own on the hart is not loaded. Zeros have the name 0: all vCPUs that never
 * wrote a register share them.
 *
 * fcsr, vcsr and vstart always move (vscsr.c): QEMU 10 does not make FS and VS of HS Dirty when V=1
 * writes these. Harts that say it for no write at all are told by caps.fp_tracked.
 */
#ifndef VCPU_FPU_H
#define VCPU_FPU_H

#include "riscv/csr.h"
#include "vcpu/vcpu.h"

#define FPU_ZEROS   0UL
#define FPU_UNKNOWN UINT64_MAX /* of a hart at first */

/* What fpu_load and fpu_save do where there is something to do. */
void fpu_move_in(struct vcpu *vcpu);
void fpu_move_out(struct vcpu *vcpu);

/* True where there is: the vCPU loses its home hart, and takes it. */
static inline bool fpu_must_save(const struct vcpu *vcpu)
{
    return vcpu->regs.sstatus & SSTATUS_SD;
}

static inline bool fpu_must_load(const struct vcpu *vcpu)
{
    return vcpu->fp_values != vcpu->home->fp_values;
}

static inline void fpu_save(struct vcpu *vcpu)
{
    if (fpu_must_save(vcpu))
        fpu_move_out(vcpu);
}

static inline void fpu_load(struct vcpu *vcpu)
{
    if (fpu_must_load(vcpu))
        fpu_move_in(vcpu);
}

/* vcpu->fp or vcpu->vector was written by us. The vCPU is not loaded. */
void fpu_change(struct vcpu *vcpu);

/* The registers of a vCPU are zeros, as the reset of a hart leaves them. It is not loaded. */
void fpu_reset(struct vcpu *vcpu);

#endif
