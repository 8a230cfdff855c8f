/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine with nothing to do: greets, and waits for interrupts that it has not enabled. What it
 * costs its host is asked from outside (tests/system/test_scale.py).
 */
#include "lib/image_header.inc"

#define SBI_EXT_DBCN   0x4442434e /* debug console, SBI 12 */
#define SBI_DBCN_WRITE 0

    .section .rodata
greeting:
    .ascii  "Idle.\n"
    .equ    greeting_bytes, . - greeting

    .section .text.start, "ax"
    .globl  _start
_start:
    image_header begin, guest_end

begin:
    csrw    sie, zero
    li      a7, SBI_EXT_DBCN
    li      a6, SBI_DBCN_WRITE
    li      a0, greeting_bytes           /* how many bytes */
    la      a1, greeting                 /* from where, low half of the physical address */
    li      a2, 0                        /* high half */
    ecall

1:  wfi
    j       1b
