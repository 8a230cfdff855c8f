/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest guest: greets and shuts down. It runs in S-mode, on a bare board under its
 * firmware or in a VM, and cannot tell which. It needs no stack, no memory of its own and no
 * library; linker/guest.ld places it.
 */
#include "lib/image_header.inc"

#define SBI_EXT_DBCN   0x4442434e /* debug console, SBI 12 */
#define SBI_DBCN_WRITE 0
#define SBI_EXT_SRST   0x53525354 /* system reset, SBI 10 */
#define SBI_SRST_RESET 0

    .section .rodata
greeting:
    .ascii  "Hello from a guest.\n"
    .equ    greeting_bytes, . - greeting

    .section .text.start, "ax"
    .globl  _start
_start:
    image_header begin, guest_end

    /* A call: a7 says which extension, a6 which of its functions, a0 to a5 are arguments.
     * SBI 3 (Binary Encoding) */
begin:
    li      a7, SBI_EXT_DBCN
    li      a6, SBI_DBCN_WRITE
    li      a0, greeting_bytes           /* how many bytes */
    la      a1, greeting                 /* from where, low half of the physical address */
    li      a2, 0                        /* high half */
    ecall

    li      a7, SBI_EXT_SRST
    li      a6, SBI_SRST_RESET
    li      a0, 0                        /* type: shutdown */
    li      a1, 0                        /* reason: none */
    ecall

1:  wfi                                  /* not reached: the machine is off */
    j       1b
