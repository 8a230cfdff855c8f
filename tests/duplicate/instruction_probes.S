/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions that user space must not, or may not, run: one function each, with a0 the address
 * of a page that can be read and written. The board and the VM must answer alike.
 */
    .option arch, +h, +v, +zicbom, +zicboz, +svinval

    .macro probe name:req
    .text
    .balign 4
1:  \name
    ret
    .section .rodata.text, "a"
2:  .asciz "\name"
    .section .data.rel.ro, "aw"
    .dword 1b, 2b
    .endm

    .section .data.rel.ro, "aw"
    .balign 8
    .globl instruction_probes
instruction_probes:
    /* Encodings that mean nothing. */
    probe ".4byte 0x00000000"
    probe ".4byte 0xffffffff"
    probe ".2byte 0x0000"
    probe ".2byte 0x8002"
    probe ".2byte 0x9c41"
    probe ".4byte 0x0000000b"
    probe ".4byte 0x0000007f"
    probe ".4byte 0x00007003"
    probe ".4byte 0x00004023"
    probe ".4byte 0x0000202f"
    probe ".4byte 0xfff0000f"
    /* fadd.s with rounding mode 5; a reserved frm with a dynamic one. */
    probe ".4byte 0x0000d053"
    probe "fsrmi 5; fadd.s fa0, fa0, fa0; fsrmi 0"
    /* Breakpoints. */
    probe "ebreak"
    probe ".2byte 0x9002"
    /* The supervisor's. */
    probe "sret"
    probe "mret"
    probe "wfi"
    probe "sfence.vma"
    probe "sfence.vma a0, a1"
    probe "sinval.vma a0, a1"
    probe "sfence.inval.ir"
    probe ".4byte 0x00200073"
    .irp csr, sstatus, sie, stvec, scounteren, sscratch, sepc, scause, stval, sip, satp, senvcfg
    probe "csrr a0, \csr"
    .endr
    .irp csr, 0x10c, 0x14d, 0x150, 0x15c, 0x5a8, 0xda0, 0xdb0
    probe "csrr a0, \csr"
    .endr
    probe "csrw sscratch, zero"
    probe "csrw satp, zero"
    /* The machine's. */
    .irp csr, mstatus, misa, medeleg, mhartid, mvendorid, mcycle, mtvec, pmpcfg0, 0x7a0, 0x7b0
    probe "csrr a0, \csr"
    .endr
    /* The hypervisor's. */
    .irp csr, hstatus, hedeleg, hgatp, htval, hvip, htimedelta, vsstatus, vsatp, vstimecmp, hgeip
    probe "csrr a0, \csr"
    .endr
    probe "csrw hgatp, zero"
    probe "csrw vsatp, zero"
    probe "hfence.gvma"
    probe "hfence.vvma"
    probe "hinval.gvma a0, a1"
    .irp name, hlv.b, hlv.bu, hlv.h, hlv.w, hlv.wu, hlv.d, hlvx.hu, hlvx.wu
    probe "\name a0, (a0)"
    .endr
    .irp name, hsv.b, hsv.w, hsv.d
    probe "\name a0, (a0)"
    .endr
    /* Counters. What rdtime says is topic `counter`. */
    probe "rdcycle a0; li a0, 0"
    probe "rdinstret a0; li a0, 0"
    probe "csrr a0, hpmcounter3; li a0, 0"
    probe "csrr a0, hpmcounter31; li a0, 0"
    probe "csrw cycle, zero"
    probe "csrw time, zero"
    /* CSRs that nobody has. */
    .irp csr, 0x000, 0x0ff, 0x480, 0x800, 0x8ff, 0x9ff, 0xbff, 0xcff, 0xfff, 0x015
    probe "csrr a0, \csr"
    .endr
    /* Cache blocks. */
    probe "cbo.clean (a0)"
    probe "cbo.flush (a0)"
    probe "cbo.inval (a0)"
    probe "cbo.zero (a0)"
    /* Hints and fences do nothing. */
    probe ".4byte 0x0100000f"
    probe "fence.i"
    probe "fence.tso"
    probe ".4byte 0x00d00073"
    probe ".4byte 0x01d00073"
    probe ".4byte 0x0000100f"
    /* Without V, or with reserved settings. */
    probe "vsetvli a0, zero, e8, m1, ta, ma"
    probe "csrr a0, vl; li a0, 0"
    probe "csrr a0, vlenb"
    probe "vsetivli zero, 1, e64, mf8, ta, ma; vadd.vv v0, v0, v0"
    probe "vsetivli zero, 4, e8, m2, ta, ma; vadd.vv v1, v2, v4"
    probe "vsetivli zero, 4, e8, m1, ta, ma; csrwi vstart, 1; vredsum.vs v1, v2, v3"
    probe "csrr a0, vxrm"
    .section .data.rel.ro, "aw"
    .dword 0, 0

    .section .note.GNU-stack, "", @progbits
