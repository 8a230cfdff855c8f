/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs for user mode, which sees the kernel's addresses as satp is 0: each reads a counter
 * into a0 by its first instruction and calls. And a write to a counter, for the kernel.
 */
    .text
    .option norvc

.macro reader name
    .globl  reads_\name
reads_\name:
    rd\name a0
    ecall
.endm

    reader cycle
    reader time
    reader instret

    .globl  write_cycle
write_cycle:
    csrw    cycle, zero
    ret
