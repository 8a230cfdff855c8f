/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way into and out of traps. In the kernel sscratch is 0 and a trap is handled on the stack
 * where it found us, by trap_dispatch (trap.c). While a user program runs sscratch points to its
 * frame, and its trap ends the call of trap_user_run.
 */
#include "lib/trap_layout.h"

/* All integer registers but sp (x2), at 8n(base); base is x2 or is loaded last. */
.macro registers_but_sp op
    .irp    n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
            24, 25, 26, 27, 28, 29, 30, 31
    \op     x\n, 8 * \n(sp)
    .endr
.endm

/* The registers that a C function must find unchanged, in a block at sp. */
#define CALLEE_BLOCK 112
.macro callee_registers op
    \op     ra, 0(sp)
    \op     s0, 8(sp)
    \op     s1, 16(sp)
    .irp    n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    \op     s\n, 8 * (\n + 1)(sp)
    .endr
.endm

    .text

    .globl  trap_entry
    .balign 4                 /* Priv 12.1.2 (stvec) */
trap_entry:
    csrrw   sp, sscratch, sp
    bnez    sp, trap_from_user
    csrr    sp, sscratch
    addi    sp, sp, -FRAME_SIZE
    registers_but_sp sd
    csrrw   t0, sscratch, zero
    sd      t0, FRAME_SP(sp)
    csrr    t0, sepc
    csrr    t1, sstatus
    csrr    t2, scause
    csrr    t3, stval
    sd      t0, FRAME_SEPC(sp)
    sd      t1, FRAME_SSTATUS(sp)
    sd      t2, FRAME_SCAUSE(sp)
    sd      t3, FRAME_STVAL(sp)

    mv      a0, sp
    call    trap_dispatch

    ld      t0, FRAME_SEPC(sp)
    ld      t1, FRAME_SSTATUS(sp)
    csrw    sepc, t0
    csrw    sstatus, t1
    registers_but_sp ld
    ld      sp, FRAME_SP(sp)
    sret

/* sp is the frame that trap_user_run was given, sscratch the user's sp. */
trap_from_user:
    registers_but_sp sd
    csrrw   t0, sscratch, zero
    sd      t0, FRAME_SP(sp)
    csrr    t0, sepc
    csrr    t1, sstatus
    csrr    t2, scause
    csrr    t3, stval
    sd      t0, FRAME_SEPC(sp)
    sd      t1, FRAME_SSTATUS(sp)
    sd      t2, FRAME_SCAUSE(sp)
    sd      t3, FRAME_STVAL(sp)
    ld      sp, FRAME_KERNEL_SP(sp)
    callee_registers ld
    addi    sp, sp, CALLEE_BLOCK
    ret

/* void trap_user_run(struct trap_frame *frame) */
    .globl  trap_user_run
trap_user_run:
    addi    sp, sp, -CALLEE_BLOCK
    callee_registers sd
    sd      sp, FRAME_KERNEL_SP(a0)
    csrw    sscratch, a0
    mv      sp, a0
    ld      t0, FRAME_SEPC(sp)
    ld      t1, FRAME_SSTATUS(sp)
    csrw    sepc, t0
    csrw    sstatus, t1
    registers_but_sp ld
    ld      sp, FRAME_SP(sp)
    sret

/* uint64_t trap_call(trap_try_fn *fn, uint64_t a, uint64_t b, uint64_t *recover) */
    .globl  trap_call
trap_call:
    addi    sp, sp, -CALLEE_BLOCK
    callee_registers sd
    sd      a3, 104(sp)
    sd      sp, (a3)
    mv      t0, a0
    mv      a0, a1
    mv      a1, a2
    jalr    t0
    /* trap.c comes here with that sp when fn raised an exception. */
    .globl  trap_call_end
trap_call_end:
    ld      a3, 104(sp)
    sd      zero, (a3)
    callee_registers ld
    addi    sp, sp, CALLEE_BLOCK
    ret
