/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The functions of access.h: a0 is the address, a1 the value to store.
 */
    .text

.macro access name, text:vararg
    .globl  access_\name
access_\name:
    \text
    ret
.endm

    .option push
    .option norvc
    access  lb, lb a0, (a0)
    access  lbu, lbu a0, (a0)
    access  lh, lh a0, (a0)
    access  lhu, lhu a0, (a0)
    access  lw, lw a0, (a0)
    access  lwu, lwu a0, (a0)
    access  ld, ld a0, (a0)
    access  lr, lr.d a0, (a0)
    access  sb, sb a1, (a0)
    access  sh, sh a1, (a0)
    access  sw, sw a1, (a0)
    access  sd, sd a1, (a0)
    access  amoadd, amoadd.d a0, a1, (a0)
    .option pop

    access  c_lw, c.lw a0, (a0)
    access  c_ld, c.ld a0, (a0)
    access  c_sw, c.sw a1, (a0)
    access  c_sd, c.sd a1, (a0)

    .globl  access_lw_x0
access_lw_x0:
    lw      x0, (a0)
    mv      a0, x0
    ret

    .globl  access_jump
access_jump:
    jr      a0                /* its ret comes back to our caller */
