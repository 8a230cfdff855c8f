/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first instruction, in HS-mode with translation off. The image may stand at any multiple of
 * 2 MiB, so it relocates itself before anything uses an address from a table. Followed by main.c.
 */
#include "riscv/hart_head.h"

#define R_RISCV_RELATIVE 3

/* The header that Linux's boot protocol gives RISC-V images: QEMU, U-Boot's booti and extlinux
 * find the entry and the memory that we take, .bss too. */
    .section .text.start, "ax"
    .option norvc
    .globl  _start
_start:
    j       start                   /* code0 */
    .word   0                       /* code1 */
    .dword  0x200000                /* text_offset: load at RAM base + 2 MiB */
    .dword  image_end - image_start /* image_size */
    .dword  0                       /* flags: little-endian */
    .word   2                       /* version 0.2 */
    .word   0
    .dword  0
    .ascii  "RISCV\0\0\0"
    .ascii  "RSC\x05"
    .word   0

/* a0 = hartid, a1 = device tree */
start:
    csrw    sie, zero
    lla     t0, hyp_trap
    csrw    stvec, t0

    /* Every word of the image that holds an address, by its table: offset, type, addend. The
     * image is linked at 0, so its start is what must be added. */
    lla     t0, image_start
    lla     t1, rela_start
    lla     t2, rela_end
1:  bgeu    t1, t2, 2f
    ld      t3, 0(t1)
    lwu     t4, 8(t1)
    ld      t5, 16(t1)
    addi    t1, t1, 24
    li      t6, R_RISCV_RELATIVE
    bne     t4, t6, 1b
    add     t3, t3, t0
    add     t5, t5, t0
    sd      t5, 0(t3)
    j       1b
2:
    lla     t1, bss_start
    lla     t2, bss_end
3:  sd      zero, 0(t1)
    addi    t1, t1, 8
    bltu    t1, t2, 3b

    lla     sp, boot_stack_top
    lla     tp, boot_hart
    csrw    sscratch, tp
    sd      a0, HART_HARTID(tp)
    lla     t0, boot_fault_stack_top
    sd      t0, HART_FAULT_STACK(tp)
    mv      s0, zero
    call    main
    .option rvc

/* void start_secondary(hartid, hart): where SBI HSM starts the other harts. a1 is the hart's
 * block, whose fault stack is also good to begin with: main.c changes to the hart's own. */
    .text
    .balign 4
    .globl  start_secondary
start_secondary:
    csrw    sie, zero
    mv      tp, a1
    csrw    sscratch, tp
    lla     t0, hyp_trap
    csrw    stvec, t0
    lla     t0, hyp_map_satp
    ld      t0, 0(t0)
    csrw    satp, t0
    sfence.vma
    ld      sp, HART_FAULT_STACK(tp)
    ld      sp, -16(sp) /* the top of the stack proper: boot/harts.c */
    mv      s0, zero
    mv      a0, tp
    call    main_secondary

    .bss
    .balign 16
    .space  4096
boot_fault_stack_top:
