/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The floor that scripts/bench_linux --floor measures: what two-stage translation costs where
 * nothing else is done. The guest has the board to itself, all memory is one identity G-stage of
 * 1 GiB leaves, and every trap that can be delegated is. Firmware starts it above the memory that
 * the guest is told of, the kernel lies at KERNEL already; a0 = hartid, a1 = device tree.
 * Priv 21.2 (Hypervisor and Virtual Supervisor CSRs), 21.5.1 (Guest Physical Address Translation)
 */
#define KERNEL       0x80200000
#define LEAVES       16        /* of 1 GiB, from address 0 */
#define LEAF_STEP    (1 << 28) /* of a PTE, to the next GiB */
#define LEAF_FLAGS   0xdf      /* D A U X W R V */
#define HGATP_SV39X4 8
#define DELEGATED    0xb1ff    /* causes: all but ECALL from VS and those of our own doing */
#define INTERRUPTS   0x444     /* VSSI, VSTI, VSEI */
#define LOOK_AGAIN   200       /* of time: 20 us */
#define ECALL_VS     10
#define EXTERNAL     9
#define VSEIP        (1 << 10)
#define SEIE         (1 << 9)
#define STIE         (1 << 5)
#define SPVP_SPV     (3 << 7)  /* hstatus */
#define FS_VS_SPP    (3 << 13 | 3 << 9 | 1 << 8) /* sstatus */

    .option norelax
    .option arch, +h
    .text
    .globl  _start
_start:
    la      t0, root
    li      t1, LEAF_FLAGS
    li      t2, LEAF_STEP
    li      t3, LEAVES
1:  sd      t1, (t0)
    addi    t0, t0, 8
    add     t1, t1, t2
    addi    t3, t3, -1
    bnez    t3, 1b

    la      t0, root
    srli    t0, t0, 12
    li      t1, HGATP_SV39X4
    slli    t1, t1, 60
    or      t0, t0, t1
    csrw    hgatp, t0
    hfence.gvma

    li      t0, DELEGATED
    csrw    hedeleg, t0
    li      t0, INTERRUPTS
    csrw    hideleg, t0
    li      t0, -1            /* all that the hart has, and no timer yet */
    csrw    hcounteren, t0
    csrw    henvcfg, t0
    csrw    scounteren, t0
    csrw    stimecmp, t0
    csrw    vstimecmp, t0
    csrw    htimedelta, zero
    csrw    hvip, zero
    csrw    vsatp, zero
    csrw    vsstatus, zero
    la      t0, trap
    csrw    stvec, t0
    li      t0, SEIE | STIE
    csrw    sie, t0
    li      t0, SPVP_SPV
    csrs    hstatus, t0
    li      t0, FS_VS_SPP
    csrs    sstatus, t0
    li      t0, KERNEL
    csrw    sepc, t0
    sret

/* Calls go to the firmware as they are: it keeps all registers but a0 and a1. */
    .balign 4
trap:
    csrw    sscratch, t0
    csrr    t0, scause
    bltz    t0, interrupt
    addi    t0, t0, -ECALL_VS
stop:
    bnez    t0, stop          /* the run ends by its time limit */
    csrr    t0, sepc
    addi    t0, t0, 4
    csrw    sepc, t0
    csrr    t0, sscratch
    ecall
    sret

/* The PLIC's line is HS-mode's. It is shown to the guest, and looked at again soon, as nobody says
 * when the guest has taken it down. */
interrupt:
    slli    t0, t0, 1         /* without the bit of interrupts */
    addi    t0, t0, -2 * EXTERNAL
    bnez    t0, look_again
    li      t0, VSEIP
    csrs    hvip, t0
    li      t0, SEIE
    csrc    sie, t0
    rdtime  t0
    addi    t0, t0, LOOK_AGAIN
    csrw    stimecmp, t0
    csrr    t0, sscratch
    sret
look_again:
    li      t0, -1
    csrw    stimecmp, t0
    li      t0, VSEIP
    csrc    hvip, t0
    li      t0, SEIE
    csrs    sie, t0
    csrr    t0, sscratch
    sret

    .bss
    .balign 16384
root:
    .space  16384
