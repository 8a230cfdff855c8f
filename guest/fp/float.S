/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Floating-point registers to and from memory. fp.h says how they are called.
 */
    .text

.macro all_floats op
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, \
            23, 24, 25, 26, 27, 28, 29, 30, 31
    \op     f\n, 8 * \n(a0)
    .endr
.endm

    .globl  float_load
float_load:
    all_floats fld
    ld      t0, 256(a0)
    fscsr   t0
    ret

    .globl  float_store
float_store:
    all_floats fsd
    frcsr   t0
    sd      t0, 256(a0)
    ret

    .globl  float_write
float_write:
    fmv.d.x f0, a0
    ret

    .globl  float_write_fcsr
float_write_fcsr:
    fscsr   a0
    ret

    .globl  float_load_one
float_load_one:
    fld     f0, (a0)
    ret
