/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Into a step and out of it. Nothing that a step can change is relied on: the frame stands at a
 * fixed place, and sscratch is only a slot to put t0 into. stvec is the kernel's own again, and
 * sie zero, before anything else happens.
 */
#include "lib/trap_layout.h"

#define STEP_RESUMED 100 /* fuzz.h */
#define CALLEE_BLOCK 112

/* All integer registers but t0 (x5), at 8n(t0). */
.macro registers_but_t0 op
    .irp    n, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, \
            25, 26, 27, 28, 29, 30, 31
    \op     x\n, 8 * \n(t0)
    .endr
.endm

.macro callee_registers op
    \op     ra, 0(sp)
    \op     s0, 8(sp)
    \op     s1, 16(sp)
    .irp    n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    \op     s\n, 8 * (\n + 1)(sp)
    .endr
.endm

    .bss
    .balign 16
    .globl  step_frame
step_frame:
    .skip   FRAME_SIZE

    .text

    .globl  step_run
step_run:
    addi    sp, sp, -CALLEE_BLOCK
    callee_registers sd
    la      t0, step_frame
    sd      sp, FRAME_KERNEL_SP(t0)
    la      t1, step_trap
    csrw    stvec, t1
    ld      t1, FRAME_SEPC(t0)
    csrw    sepc, t1
    ld      t1, FRAME_SSTATUS(t0)
    csrw    sstatus, t1
    registers_but_t0 ld
    ld      t0, 40(t0)
    sret

    .balign 4
step_trap:
    csrw    sscratch, t0
    la      t0, step_frame
    registers_but_t0 sd
    csrr    t1, sscratch
    sd      t1, 40(t0)
    csrr    t1, sepc
    sd      t1, FRAME_SEPC(t0)
    csrr    t1, scause
    sd      t1, FRAME_SCAUSE(t0)
    csrr    t1, stval
    sd      t1, FRAME_STVAL(t0)

step_leave:
    csrw    sie, zero
    csrw    sscratch, zero
    la      t1, trap_entry
    csrw    stvec, t1
    ld      sp, FRAME_KERNEL_SP(t0)
    callee_registers ld
    addi    sp, sp, CALLEE_BLOCK
    ret

/* SBI 9.4: the hart begins here, without its page table. */
    .balign 4
    .globl  step_resume
step_resume:
    la      t0, step_satp
    ld      t0, (t0)
    sfence.vma
    csrw    satp, t0
    sfence.vma
    la      t0, step_frame
    li      t1, STEP_RESUMED
    sd      t1, FRAME_SCAUSE(t0)
    j       step_leave
