/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * v0 to v31, vl and vtype, to and from struct vcpu_vector, whatever VLEN is: whole-register
 * moves advance by vlenb. Called by fpu.c.
 */
#include "riscv/csr.h"
#include "vcpu/vcpu_layout.h"

    .text
    .option arch, +v

/* void vector_csrs_load(const struct vcpu_vector *vector) */
    .globl vector_csrs_load
    .type vector_csrs_load, @function
vector_csrs_load:
    ld      t2, VCPU_VECTOR_VCSR(a0)
    ld      t3, VCPU_VECTOR_VSTART(a0)
    csrw    vcsr, t2
    csrw    vstart, t3
    ret
    .size vector_csrs_load, . - vector_csrs_load

/* void vector_csrs_save(struct vcpu_vector *vector) */
    .globl vector_csrs_save
    .type vector_csrs_save, @function
vector_csrs_save:
    csrr    t2, vstart
    csrr    t3, vcsr
    sd      t2, VCPU_VECTOR_VSTART(a0)
    sd      t3, VCPU_VECTOR_VCSR(a0)
    ret
    .size vector_csrs_save, . - vector_csrs_save

/* void vector_regs_load(const struct vcpu_vector *vector) */
    .globl vector_regs_load
    .type vector_regs_load, @function
vector_regs_load:
    li      t0, SSTATUS_VS
    csrrs   t1, sstatus, t0
    /* A whole-register load begins at vstart, which the last guest may have left. */
    csrw    vstart, zero
    csrr    t2, vlenb
    slli    t2, t2, 3
    ld      t3, VCPU_VECTOR_REGISTERS(a0)
    .irp    n, 0, 8, 16, 24
    vl8re8.v v\n, (t3)
    add     t3, t3, t2
    .endr
    /* vl and vtype are written by vsetvl alone, which clears vstart. An unsettable vtype gives
     * vill again, which is right. */
    ld      t2, VCPU_VECTOR_VL(a0)
    ld      t3, VCPU_VECTOR_VTYPE(a0)
    vsetvl  zero, t2, t3
    csrw    sstatus, t1
    ret
    .size vector_regs_load, . - vector_regs_load

/* void vector_regs_save(struct vcpu_vector *vector) */
    .globl vector_regs_save
    .type vector_regs_save, @function
vector_regs_save:
    li      t0, SSTATUS_VS
    csrrs   t1, sstatus, t0
    /* vstart, which a whole-register store would begin at and resets, was saved before. */
    csrr    t4, vl
    csrr    t5, vtype
    sd      t4, VCPU_VECTOR_VL(a0)
    sd      t5, VCPU_VECTOR_VTYPE(a0)
    csrw    vstart, zero
    csrr    t2, vlenb
    slli    t2, t2, 3
    ld      t3, VCPU_VECTOR_REGISTERS(a0)
    .irp    n, 0, 8, 16, 24
    vs8r.v  v\n, (t3)
    add     t3, t3, t2
    .endr
    csrw    sstatus, t1
    ret
    .size vector_regs_save, . - vector_regs_save
