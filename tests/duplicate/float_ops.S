/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions of F and D, one function each, and the table of them for float.c. Operands are the
 * bits in a0, a1 and a2; the result is bits in a0, the flags go to where a3 points. A float is the
 * lower half of its bits, boxed or not.
 */
    .macro begin
    fmv.d.x ft0, a0
    fmv.d.x ft1, a1
    fmv.d.x ft2, a2
    fsflags zero
    .endm

    .macro end
    frflags t0
    sd      t0, 0(a3)
    ret
    .endm

    .macro row name:req
    .section .rodata.text, "a"
2:  .asciz "\name"
3:  .asciz "d"
    .section .data.rel.ro, "aw"
    .dword 1b, 2b, 3b
    .endm

    /* The result is a float or double. */
    .macro computes name:req, width:req, operands:vararg
    .text
    .balign 4
1:  begin
    \name\().\width ft3, \operands
    fmv.x.d a0, ft3
    end
    row     \name\().\width
    .endm

    /* The result is an integer. */
    .macro decides name:req, width:req, operands:vararg
    .text
    .balign 4
1:  begin
    \name\().\width a0, \operands
    end
    row     \name\().\width
    .endm

    /* What there is for both widths. */
    .macro both width:req
    .irp name, fadd, fsub, fmul, fdiv, fmin, fmax, fsgnj, fsgnjn, fsgnjx
    computes \name, \width, ft0, ft1
    .endr
    .irp name, fmadd, fmsub, fnmadd, fnmsub
    computes \name, \width, ft0, ft1, ft2
    .endr
    computes fsqrt, \width, ft0
    .irp name, feq, flt, fle
    decides \name, \width, ft0, ft1
    .endr
    decides fclass, \width, ft0
    .irp to, w, wu, l, lu
    decides fcvt.\to, \width, ft0
    computes fcvt.\width, \to, a0
    .endr
    .endm

    .section .data.rel.ro, "aw"
    .balign 8
    .globl float_ops
float_ops:
    both    s
    both    d
    computes fcvt.s, d, ft0
    computes fcvt.d, s, ft0
    .dword 0, 0, 0

    .section .note.GNU-stack, "", @progbits
