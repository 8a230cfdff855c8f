/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * void keep_float(uint64_t out[34], const uint64_t in[34], uint64_t deadline)
 * void keep_vector(uint8_t *out, const uint8_t *in, uint64_t deadline)
 * Load all registers of a kind from `in`, compute without a system call until `time` has reached
 * the deadline, store them to `out`. What is changed by others meanwhile differs.
 * keep_float: f0 to f31, frm, fflags. keep_vector: v0 to v31, then vl, vtype and vcsr, 8 bytes
 * each; in[] holds the vl and vtype to set.
 */
    .option arch, +v
    .text

    .macro wait
9:  rdtime  t0
    bltu    t0, a2, 9b
    .endm

    .globl keep_float
keep_float:
    addi    sp, sp, -96
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    fsd     fs\n, 8 * \n(sp)
    .endr
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fld     f\n, 8 * \n(a1)
    .endr
    ld      t0, 256(a1)
    fsrm    t0
    ld      t0, 264(a1)
    fsflags t0
    wait
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    fsd     f\n, 8 * \n(a0)
    .endr
    frrm    t0
    sd      t0, 256(a0)
    frflags t0
    sd      t0, 264(a0)
    fscsr   zero
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11
    fld     fs\n, 8 * \n(sp)
    .endr
    addi    sp, sp, 96
    ret

    .globl keep_vector
keep_vector:
    csrr    t2, vlenb
    slli    t2, t2, 3
    .irp n, 0,8,16,24
    vl8re8.v v\n, (a1)
    add     a1, a1, t2
    .endr
    ld      t0, 0(a1)
    ld      t1, 8(a1)
    vsetvl  zero, t0, t1
    ld      t0, 16(a1)
    csrw    vcsr, t0
    wait
    csrr    t3, vl
    csrr    t4, vtype
    csrr    t5, vcsr
    .irp n, 0,8,16,24
    vs8r.v  v\n, (a0)
    add     a0, a0, t2
    .endr
    sd      t3, 0(a0)
    sd      t4, 8(a0)
    sd      t5, 16(a0)
    csrw    vcsr, zero
    ret

    .section .note.GNU-stack, "", @progbits
