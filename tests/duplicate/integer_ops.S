/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Integer instructions, one function each, and the tables of them: integer_ops for integer.c,
 * extension_ops for extension.c. A function computes from a0 and a1, or, for an atomic one, from
 * a1 and the place that a2 points to; the result is in a0.
 */
    .option arch, +zba, +zbb, +zbc, +zbs

    /* Its function, and its row of struct operation. */
    .macro operation extension:req, name:req, operands:vararg
    .text
    .balign 4
1:  \name   \operands
    ret
    .section .rodata.text, "a"
2:  .asciz "\name"
3:  .asciz "\extension"
    .section .data.rel.ro, "aw"
    .dword 1b, 2b, 3b
    .endm

    .section .data.rel.ro, "aw"
    .balign 8
    .globl integer_ops, extension_ops
integer_ops:
    .irp name, add, sub, sll, srl, sra, slt, sltu, addw, subw, sllw, srlw, sraw
    operation i, \name, a0, a0, a1
    .endr
    .irp name, mul, mulh, mulhu, mulhsu, mulw, div, divu, rem, remu, divw, divuw, remw, remuw
    operation m, \name, a0, a0, a1
    .endr
    .irp name, swap, add, xor, and, or, min, max, minu, maxu
    operation a, amo\name\().w.aqrl, a0, a1, (a2)
    operation a, amo\name\().d.aqrl, a0, a1, (a2)
    .endr
    .dword 0, 0, 0

extension_ops:
    .irp name, sh1add, sh2add, sh3add, add.uw, sh1add.uw
    operation zba, \name, a0, a0, a1
    .endr
    .irp name, clz, ctz, cpop, clzw, ctzw, cpopw, rev8, orc.b, sext.b, zext.h
    operation zbb, \name, a0, a0
    .endr
    .irp name, andn, orn, xnor, rol, ror, rolw, rorw, min, max, minu, maxu
    operation zbb, \name, a0, a0, a1
    .endr
    .irp name, clmul, clmulh, clmulr
    operation zbc, \name, a0, a0, a1
    .endr
    .irp name, bset, bclr, binv, bext
    operation zbs, \name, a0, a0, a1
    .endr
    .dword 0, 0, 0

    .section .note.GNU-stack, "", @progbits
