/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Vector instructions, one function each, and the table of them for vector.c:
 *   size_t run(uint64_t vtype, const void *a, const void *b, void *out), which returns vl.
 * A group of two registers is loaded from a and b, the mask v0 from b, the result stored to out.
 * Needs the V extension; vector.c asks before it calls.
 */
    .option arch, +v

    .macro begin
    vsetvli t0, zero, e8, m1, ta, ma
    vle8.v  v0, (a2)
    vsetvli t0, zero, e8, m2, ta, ma
    vle8.v  v8, (a1)
    vle8.v  v16, (a2)
    vmv.v.i v24, 0
    vsetvl  a0, zero, a0
    .endm

    .macro end
    vsetvli t0, zero, e8, m2, ta, ma
    vse8.v  v24, (a3)
    ret
    .endm

    /* Its function, and its row: name, is it for floating-point elements? */
    .macro operation is_float:req, name:req, operands:vararg
    .text
    .balign 4
1:  begin
    \name \operands
    end
    .section .rodata.text, "a"
2:  .asciz "\name \operands"
    .section .data.rel.ro, "aw"
    .dword 1b, 2b, \is_float
    .endm

    .section .data.rel.ro, "aw"
    .balign 8
    .globl vector_ops
vector_ops:
    .irp name, vadd, vsub, vand, vor, vxor, vsll, vsrl, vsra, vmul, vmulh, vmulhu, vmulhsu, vdiv
    operation 0, \name\().vv, v24, v8, v16
    .endr
    .irp name, vdivu, vrem, vremu, vmin, vminu, vmax, vmaxu, vsadd, vsaddu, vssub, vssubu, vaadd
    operation 0, \name\().vv, v24, v8, v16
    .endr
    .irp name, vasub, vsmul, vssrl, vssra, vrgather
    operation 0, \name\().vv, v24, v8, v16
    .endr
    .irp name, vmacc, vnmsac, vmadd, vnmsub
    operation 0, \name\().vv, v24, v8, v16
    .endr
    .irp name, vmseq, vmsne, vmslt, vmsltu, vmsle
    operation 0, \name\().vv, v24, v8, v16
    .endr
    .irp name, vredsum, vredand, vredmax, vredminu
    operation 0, \name\().vs, v24, v8, v16
    .endr
    operation 0, vadd.vv, v24, v8, v16, v0.t
    operation 0, vmerge.vvm, v24, v8, v16, v0
    operation 0, vadc.vvm, v24, v8, v16, v0
    operation 0, vcompress.vm, v24, v8, v16
    operation 0, vslideup.vi, v24, v8, 3
    operation 0, vslidedown.vi, v24, v8, 5
    operation 0, vslide1up.vx, v24, v8, a0
    operation 0, vid.v, v24
    operation 0, viota.m, v24, v16
    operation 0, vmsbf.m, v24, v16
    operation 0, vmsof.m, v24, v16
    operation 0, vmand.mm, v24, v8, v16
    .irp name, vfadd, vfsub, vfmul, vfdiv, vfmin, vfmax, vfsgnjx
    operation 1, \name\().vv, v24, v8, v16
    .endr
    operation 1, vfmacc.vv, v24, v8, v16
    operation 1, vfnmsub.vv, v24, v8, v16
    operation 1, vmflt.vv, v24, v8, v16
    operation 1, vfsqrt.v, v24, v8
    operation 1, vfclass.v, v24, v8
    operation 1, vfcvt.x.f.v, v24, v8
    operation 1, vfcvt.f.xu.v, v24, v8
    operation 1, vfredosum.vs, v24, v8, v16
    operation 1, vfredusum.vs, v24, v8, v16
    .section .data.rel.ro, "aw"
    .dword 0, 0, 0

    .text
/* size_t vector_set(size_t wanted, uint64_t vtype): vl */
    .globl vector_set
vector_set:
    vsetvl  a0, a0, a1
    ret

/* uint64_t vector_type(void): vtype */
    .globl vector_type
vector_type:
    csrr    a0, vtype
    ret

/* uint64_t vector_bytes(void): vlenb */
    .globl vector_bytes
vector_bytes:
    csrr    a0, vlenb
    ret

/* uint64_t vector_status(void): vcsr, which is then 0 */
    .globl vector_status
vector_status:
    csrrw   a0, vcsr, zero
    ret

/* void vector_copy(void *to, const void *from, size_t size, ptrdiff_t stride): by elements of 8 */
    .globl vector_copy
vector_copy:
    vsetvli t0, a2, e64, m8, ta, ma
    vlse64.v v8, (a1), a3
    vse64.v v8, (a0)
    sub     a2, a2, t0
    slli    t1, t0, 3
    add     a0, a0, t1
    mul     t1, t0, a3
    add     a1, a1, t1
    bnez    a2, vector_copy
    ret

/* size_t vector_first(void *to, const void *from): elements that vle8ff.v could load */
    .globl vector_first
vector_first:
    vsetvli t0, zero, e8, m8, ta, ma
    vle8ff.v v8, (a1)
    csrr    a2, vl
    vse8.v  v8, (a0)
    mv      a0, a2
    ret

/* void vector_gather(void *to, const void *from, const void *offsets): one group of words */
    .globl vector_gather
vector_gather:
    vsetvli t0, zero, e32, m2, ta, ma
    vle32.v v8, (a2)
    vluxei32.v v16, (a1), v8
    vse32.v v16, (a0)
    ret

/* void vector_segments(void *to, const void *from): pairs taken apart, and put together swapped */
    .globl vector_segments
vector_segments:
    vsetvli t0, zero, e16, m1, ta, ma
    vlseg2e16.v v8, (a1)
    vmv.v.v v10, v8
    vsseg2e16.v v9, (a0)
    ret

    .section .note.GNU-stack, "", @progbits
