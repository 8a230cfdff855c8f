/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vector registers to and from memory. fp.h says how they are called. Only where there is V.
 */
    .text
    .option arch, +v

    .globl  vector_load
vector_load:
    csrr    t0, vlenb
    slli    t0, t0, 3         /* eight registers at a time */
    .irp    n, 0, 8, 16, 24
    vl8re8.v v\n, (a0)
    add     a0, a0, t0
    .endr
    ld      t0, 0(a1)         /* vl */
    ld      t1, 8(a1)         /* vtype */
    ld      t2, 16(a1)        /* vcsr */
    ld      t3, 24(a1)        /* vstart: last, as vsetvl makes it 0 */
    vsetvl  zero, t0, t1
    csrw    vcsr, t2
    csrw    vstart, t3
    ret

    .globl  vector_store
vector_store:
    csrr    t0, vl
    csrr    t1, vtype
    csrr    t2, vcsr
    csrr    t3, vstart
    sd      t0, 0(a1)
    sd      t1, 8(a1)
    sd      t2, 16(a1)
    sd      t3, 24(a1)
    csrw    vstart, zero
    csrr    t0, vlenb
    slli    t0, t0, 3
    .irp    n, 0, 8, 16, 24
    vs8r.v  v\n, (a0)
    add     a0, a0, t0
    .endr
    ret

    .globl  vector_set
vector_set:
    vsetvli a1, zero, e8, m1, ta, ma
    vsetvli zero, a0, e8, m1, ta, ma
    mv      a0, a1
    ret
