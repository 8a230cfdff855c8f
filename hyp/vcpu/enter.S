/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The direct engine: the guest runs on the hardware, in VS- and VU-mode. Into the guest and back
 * out, with the integer registers; to its caller an ordinary function that returns when the guest
 * traps. Comes after sched/run.c and is followed by exit/exit.c; the VS CSRs are not its business
 * (vscsr.c), nor is what the trap means (exit/).
 */
#include "vcpu/vcpu_layout.h"

#define HOST_FRAME 32 /* ra, s0, s1; sp stays a multiple of 16 */
#define INSN_LEN   4  /* of ECALL and of most others; handlers know better */

    .text
    .option norvc

/* struct trap *vcpu_enter(struct vcpu *vcpu); vcpu->regs comes first in *vcpu */
    .globl vcpu_enter
    .type vcpu_enter, @function
vcpu_enter:
    /* Our own callee-saved registers go to our stack. The hypervisor is compiled to leave s2 to
     * s11 alone (Makefile), and does not use gp. */
    addi    sp, sp, -HOST_FRAME
    sd      ra, 0(sp)
    sd      s0, 8(sp)
    sd      s1, 16(sp)
    sd      sp, VCPU_REGS_HOST_SP(a0)

    /* Where the guest goes on, and as whom: SRET takes V from hstatus.SPV and the privilege from
     * sstatus.SPP. */
    ld      t0, VCPU_REGS_SEPC(a0)
    ld      t1, VCPU_REGS_SSTATUS(a0)
    ld      t2, VCPU_REGS_HSTATUS(a0)
    csrw    sepc, t0
    csrw    sstatus, t1
    .option push
    .option arch, +h
    csrw    hstatus, t2
    .option pop

    /* From here a trap is the guest's: sscratch leads back to its registers. */
    csrw    sscratch, a0
    lla     t0, vcpu_exit
    csrw    stvec, t0

    /* The guest's registers; a0 last, as it holds their address. */
    .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9
    ld      x\n, 8 * \n(a0)
    .endr
    .irp    n, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    ld      x\n, 8 * \n(a0)
    .endr
    ld      a0, 80(a0)
    sret
    .size vcpu_enter, . - vcpu_enter

/* The guest trapped. The same list backwards. stvec wants 4-byte alignment: Priv 12.1.2. */
    .balign 4
    .type vcpu_exit, @function
vcpu_exit:
    /* The guest's registers; its a0 waits in sscratch. */
    csrrw   a0, sscratch, a0
    .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9
    sd      x\n, 8 * \n(a0)
    .endr
    .irp    n, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sd      x\n, 8 * \n(a0)
    .endr
    csrr    t0, sscratch
    sd      t0, 80(a0)

    /* From here a trap is our own. sscratch is the hart's block again, for boot/hyp_trap.S. */
    ld      tp, VCPU_REGS_HOST_TP(a0)
    lla     t0, hyp_trap
    csrw    sscratch, tp
    csrw    stvec, t0

    /* Where the guest was, and as whom. */
    csrr    t0, sepc
    csrr    t1, sstatus
    .option push
    .option arch, +h
    csrr    t2, hstatus
    .option pop
    sd      t0, VCPU_REGS_SEPC(a0)
    sd      t1, VCPU_REGS_SSTATUS(a0)
    sd      t2, VCPU_REGS_HSTATUS(a0)
    ld      sp, VCPU_REGS_HOST_SP(a0)

    /* Its place among the last traps; the next one's is behind it. */
    ld      t1, VCPU_TRAPS_AT(a0)
    addi    t2, t1, TRAP_SIZE
    sd      t2, VCPU_TRAPS_AT(a0)
    andi    t1, t1, TRAP_SIZE * (VCPU_TRAPS_COUNT - 1)
    add     a0, a0, t1
    addi    a0, a0, VCPU_TRAPS

    /* What the hart says of the trap, copied once: a later trap of our own may overwrite it. */
    .option push
    .option arch, +h
    csrr    t1, scause
    csrr    t2, stval
    csrr    t3, htval
    csrr    t4, htinst
    .option pop
    li      t5, INSN_LEN
    sd      t0, TRAP_PC(a0)
    sd      t1, TRAP_SCAUSE(a0)
    sd      t2, TRAP_STVAL(a0)
    sd      t3, TRAP_HTVAL(a0)
    sd      t4, TRAP_HTINST(a0)
    sw      t5, TRAP_INSN_LEN(a0)

    /* Our own callee-saved registers; then the call returns. */
    ld      ra, 0(sp)
    ld      s0, 8(sp)
    ld      s1, 16(sp)
    addi    sp, sp, HOST_FRAME
    ret
    .size vcpu_exit, . - vcpu_exit
