/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a guest begins: the image header, the entry of the boot hart (a0 = hartid, a1 = device
 * tree) and that of a hart started or resumed by SBI HSM (a0 = hartid, a1 = opaque). Both give
 * the hart its stack and go on in hart_enter (harts.c).
 */
#include "lib/image_header.inc"
#include "lib/trap_layout.h"

    .section .text.start, "ax"
    .globl  _start
_start:
    image_header boot, guest_end

boot:
    la      t0, bss_begin
    la      t1, guest_end
1:  sd      zero, (t0)
    addi    t0, t0, 8
    bltu    t0, t1, 1b
    la      a2, hart_boot
    j       2f

    .globl  hart_start
hart_start:
    la      a2, harts_entry
    ld      a2, (a2)

2:  csrw    sie, zero
    csrw    sscratch, zero    /* trap.S: in the kernel */
    la      t0, trap_entry
    csrw    stvec, t0
    li      t0, HART_STACK_SIZE
    addi    t1, a0, 1
    mul     t1, t1, t0
    la      sp, hart_stacks
    add     sp, sp, t1
    addi    sp, sp, -HART_SIZE
    call    hart_enter
3:  wfi                       /* hart_enter does not return */
    j       3b
