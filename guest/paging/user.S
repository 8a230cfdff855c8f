/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The programs that run in user mode, mapped at USER_CODE. They use nothing outside this
 * section. user.h lists them.
 */
#include "paging/user.h"

    .section .user, "ax"
    .option norvc

.macro program name
    .globl  user_\name
    .balign 16
user_\name:
.endm

    program ecall
    ecall
    program ebreak
    ebreak
    program illegal
    .word   0xffffffff
    program csr
    csrr    a0, sstatus
    program sret
    sret
    program sfence
    sfence.vma
    program wfi
    wfi
    program hfence
    .word   0x22000073        /* hfence.vvma */

    program cycle
    rdcycle a0
    program load
    ld      a0, (a0)
    j       done
    program store
    sd      a1, (a0)
    j       done
    program time
    rdtime  a0
    j       done
    program jump
    jalr    a0
done:
    li      a7, SYS_DONE
    ecall

    program loop
    addi    t0, t0, 1
    j       user_loop

    program fill
    li      t0, 0
1:  slli    t1, t0, 12
    add     t1, t1, a0
    sd      t0, (t1)
    addi    t0, t0, 1
    bltu    t0, a1, 1b
    j       done

/* For ever: reads each of a1 pages at a0, expecting 0 in the first round and what it wrote later,
 * and writes a2 + the page's number there. */
    program worker
    li      s0, 0             /* round */
1:  li      t0, 0             /* page */
2:  slli    t1, t0, 12
    add     t1, t1, a0
    add     t2, t0, a2        /* what belongs there */
    mv      t3, t2
    bnez    s0, 3f
    li      t3, 0
3:  ld      t4, (t1)
    bne     t4, t3, bad
    sd      t2, (t1)
    addi    t0, t0, 1
    bltu    t0, a1, 2b
    addi    s0, s0, 1
    li      a7, SYS_ROUND
    ecall
    j       1b
bad:
    mv      a0, t1
    mv      a1, t4
    mv      a2, t3
    li      a7, SYS_BAD
    ecall
