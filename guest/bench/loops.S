/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The measured loops. Arguments are put into registers before, so that a loop is the operation,
 * its a0 and a1, and the two instructions that loop_empty has too. Trap handlers are the shortest
 * that do the job; they use registers that the loops leave alone: t3 counts, t4 to t6 are scratch.
 */
    .text
    .option norvc

.macro begin name
    .globl  loop_\name
loop_\name:
    mv      t0, a0            /* to do */
    mv      t1, a1
    mv      t2, a2
    mv      t3, a0            /* what is returned: all were done */
.endm

.macro end
    addi    t0, t0, -1
    bnez    t0, 1b
    mv      a0, t3
    ret
.endm

/* The same, with a trap vector of its own; t3 counts the traps. */
.macro begin_trapping name, vector
    .globl  loop_\name
loop_\name:
    mv      t0, a0
    mv      t1, a1
    mv      t2, a2
    li      t3, 0
    la      t4, \vector
    csrrw   a5, stvec, t4
.endm

.macro end_trapping
    addi    t0, t0, -1
    bnez    t0, 1b
    csrw    stvec, a5
    mv      a0, t3
    ret
.endm

    begin   empty
1:
    end

    begin   csr_time
1:  rdtime  a0
    end

    begin   mmio_store_load
1:  sb      t0, (t1)
    lb      a0, (t1)
    end

    begin   mmio_load
1:  lw      a0, (t1)
    end

/* SBI calls: a7 and a6 outlive them. SBI 3 (Binary Encoding) */
.macro begin_sbi name, extension
    .globl  loop_\name
loop_\name:
    mv      t0, a0
    mv      t1, a1
    mv      t2, a2
    mv      t3, a0
    li      a7, \extension
    li      a6, 0
    li      a2, 0
.endm

    begin_sbi sbi_base, 0x10
1:  ecall                     /* get_spec_version */
    end

    begin_sbi sbi_set_timer, 0x54494d45
1:  mv      a0, t1
    ecall
    end

    begin_sbi dbcn_write0, 0x4442434e
1:  li      a0, 0
    mv      a1, t1
    ecall
    end

    begin_sbi sbi_ipi, 0x735049
1:  mv      a0, t1
    mv      a1, t2
    ecall
    csrci   sip, 2            /* SSIP */
    end

    begin_trapping sbi_ipi_taken, ipi_vector
    li      a7, 0x735049
    li      a6, 0
    csrsi   sie, 2            /* SSIE */
    csrsi   sstatus, 2        /* SIE */
1:  mv      a0, t1
    mv      a1, t2
    ecall
    addi    t0, t0, -1
    bnez    t0, 1b
    csrci   sstatus, 2
    csrci   sie, 2
    csrw    stvec, a5
    mv      a0, t3
    ret

    .balign 4
ipi_vector:
    csrci   sip, 2
    addi    t3, t3, 1
    sret

    begin_trapping illegal_insn, skip_vector
1:  .word   0xffffffff
    end_trapping

/* To the next instruction. */
    .balign 4
skip_vector:
    csrr    t4, sepc
    addi    t4, t4, 4
    csrw    sepc, t4
    addi    t3, t3, 1
    sret

/* A load from each page in turn. Its entry is written when it faults. */
    .globl  loop_page_fault
loop_page_fault:
    mv      t0, a0
    mv      t1, a1
    mv      t2, a2
    li      t3, 0
    li      t5, 0xff8         /* bits of (address >> 9) that are 8 * the entry's number */
    lui     t6, 1             /* a page */
    la      t4, page_vector
    csrrw   a5, stvec, t4
1:  ld      a0, (t1)
    add     t1, t1, t6
    end_trapping

    .balign 4
page_vector:
    csrr    t4, stval
    srli    t4, t4, 9
    and     t4, t4, t5
    add     t4, t4, t2
    sd      a3, (t4)
    csrr    t4, stval
    sfence.vma t4
    addi    t3, t3, 1
    sret

/* Into user mode, which calls us `count` times with a7 = 0 and then with a7 = 1. */
    .globl  loop_ecall_user
loop_ecall_user:
    mv      t0, a0
    li      t3, 0
    la      t4, ecall_vector
    csrrw   a5, stvec, t4
    csrw    sepc, a1
    li      t4, 0x100         /* SPP: to user mode */
    csrc    sstatus, t4
    li      a7, 0
    sret

    .balign 4
ecall_vector:
    bnez    a7, 2f
    csrr    t4, sepc
    addi    t4, t4, 4
    csrw    sepc, t4
    addi    t3, t3, 1
    sret
2:  csrw    stvec, a5
    mv      a0, t3
    ret

    .section .user, "ax"
    .option norvc
1:  ecall
    addi    t0, t0, -1
    bnez    t0, 1b
    li      a7, 1
    ecall
