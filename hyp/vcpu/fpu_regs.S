/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * f0 to f31, to and from struct vcpu_fp. Called by fpu.c.
 */
#include "riscv/csr.h"

    .text

/* void fpu_regs_load(const struct vcpu_fp *fp) */
    .globl fpu_regs_load
    .type fpu_regs_load, @function
fpu_regs_load:
    li      t0, SSTATUS_FS
    csrrs   t1, sstatus, t0
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fld     f\n, 8 * \n(a0)
    .endr
    csrw    sstatus, t1
    ret
    .size fpu_regs_load, . - fpu_regs_load

/* void fpu_regs_save(struct vcpu_fp *fp) */
    .globl fpu_regs_save
    .type fpu_regs_save, @function
fpu_regs_save:
    li      t0, SSTATUS_FS
    csrrs   t1, sstatus, t0
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fsd     f\n, 8 * \n(a0)
    .endr
    csrw    sstatus, t1
    ret
    .size fpu_regs_save, . - fpu_regs_save
