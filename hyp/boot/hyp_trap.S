/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traps of our own, in HS-mode. There is one that is expected: an instruction that a function
 * marked as recoverable (vcpu/fetch.c, boot/probe.c), which then goes on at the address it named.
 * Everything else is a bug of ours: a dump, on a stack of its own, and the end.
 */
#include "riscv/hart_head.h"

    .text
    .balign 4
    .globl hyp_trap
hyp_trap:
    /* tp may be what is wrong; sscratch is not. */
    csrrw   tp, sscratch, tp
    sd      t0, HART_SAVED_REG(tp)
    ld      t0, HART_RECOVER(tp)
    beqz    t0, fatal
    csrw    sepc, t0
    ld      t0, HART_SAVED_REG(tp)
    csrrw   tp, sscratch, tp
    sret

/* The registers, x[0] to x[31], for hyp_trap_report. */
fatal:
    mv      t0, sp
    ld      sp, HART_FAULT_STACK(tp)
    addi    sp, sp, -272 /* 256, and room for the word at the stack's top */
    sd      zero, 0(sp)
    sd      t0, 16(sp)
    .irp    n, 1, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19
    sd      x\n, 8 * \n(sp)
    .endr
    .irp    n, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd      x\n, 8 * \n(sp)
    .endr
    csrr    t1, sscratch
    sd      t1, 32(sp)
    ld      t1, HART_SAVED_REG(tp)
    sd      t1, 40(sp)
    csrw    sscratch, tp
    mv      a0, sp
    call    hyp_trap_report
