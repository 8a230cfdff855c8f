/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of the SBI with every register under control.
 */
    .text

/* void raw_call(uint64_t x[32]): ecall with x1 to x31 from x, which they are stored to again.
 * Interrupts are off and the call raises no exception; sscratch, 0 in the kernel (lib/trap.S),
 * keeps the address meanwhile, and x[0] our sp. */
    .globl  raw_call
raw_call:
    addi    sp, sp, -112
    sd      ra, 0(sp)
    sd      s0, 8(sp)
    sd      s1, 16(sp)
    .irp    n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sd      s\n, 8 * (\n + 1)(sp)
    .endr
    sd      sp, 0(a0)
    csrw    sscratch, a0
    .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, \
            25, 26, 27, 28, 29, 30, 31
    ld      x\n, 8 * \n(a0)
    .endr
    ld      a0, 80(a0)
    ecall
    csrrw   a0, sscratch, a0
    .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, \
            25, 26, 27, 28, 29, 30, 31
    sd      x\n, 8 * \n(a0)
    .endr
    csrrw   t0, sscratch, zero
    sd      t0, 80(a0)
    ld      sp, 0(a0)
    ld      ra, 0(sp)
    ld      s0, 8(sp)
    ld      s1, 16(sp)
    .irp    n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ld      s\n, 8 * (\n + 1)(sp)
    .endr
    addi    sp, sp, 112
    ret

/* uint64_t raw_legacy_send_ipi(uint64_t mask_address, uint64_t): a0 afterwards. */
    .globl  raw_legacy_send_ipi, raw_legacy_ecall
raw_legacy_send_ipi:
    li      a7, 4             /* SBI 5.5 (Send IPI) */
raw_legacy_ecall:
    ecall
    ret
