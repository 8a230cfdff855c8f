/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions that take more than one word, as functions for trap_try. a0 is the address.
 */
    .text

/* One byte to or from a device by a vector instruction. */
    .globl  insn_vector_load
insn_vector_load:
    .option push
    .option arch, +v
    vsetivli zero, 1, e8, m1, ta, ma
    vle8.v  v0, (a0)
    .option pop
    ret

    .globl  insn_vector_store
insn_vector_store:
    .option push
    .option arch, +v
    vsetivli zero, 1, e8, m1, ta, ma
    vse8.v  v0, (a0)
    .option pop
    ret

/* A store-conditional behind its load-reserved of memory; a0 is where it goes. */
    .globl  insn_sc
insn_sc:
    addi    sp, sp, -16
    lr.d    t0, (sp)
    addi    sp, sp, 16
    sc.d    a0, zero, (a0)
    ret

/* What follows the access is counted: it must run once, and whole. A handler that skips the
 * access by its length gets 3 from each. */
    .globl  insn_count_long
insn_count_long:
    .option push
    .option norvc
    li      a1, 0
    lw      a2, (a0)
    addi    a1, a1, 1
    addi    a1, a1, 1
    addi    a1, a1, 1
    mv      a0, a1
    ret
    .option pop

    .globl  insn_count_short
insn_count_short:
    li      a1, 0
    c.lw    a2, (a0)
    c.addi  a1, 1
    c.addi  a1, 1
    c.addi  a1, 1
    mv      a0, a1
    ret

/* The same for an ecall that nobody knows; a7 is a0. */
    .globl  insn_count_ecall
insn_count_ecall:
    mv      a7, a0
    li      a2, 0
    ecall
    c.addi  a2, 1
    c.addi  a2, 1
    c.addi  a2, 1
    mv      a0, a2
    ret

/* Handlers for trap loops: each raises the next trap itself. */
    .macro  loop_handler name
    .globl  insn_loop_\name
insn_loop_\name:
    .endm

    .balign 4
    .option push
    .option norvc
    loop_handler ebreak
    ebreak

    loop_handler hfence
    .word   0x22000073        /* hfence.vvma: cause 22 at the hypervisor */

    loop_handler load
    li      t0, 0x800000
    ld      t0, (t0)

    loop_handler sret
    sret
    .option pop
