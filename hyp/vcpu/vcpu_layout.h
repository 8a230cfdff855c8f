/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Offsets that assembly needs into struct vcpu, vcpu_regs, trap, vcpu_fp and vcpu_vector. Each is
 * pinned to its field by an assertion in vcpu.c. Register n stands at 8n.
 */
#ifndef VCPU_VCPU_LAYOUT_H
#define VCPU_VCPU_LAYOUT_H

#define VCPU_REGS_SEPC    256
#define VCPU_REGS_SSTATUS 264
#define VCPU_REGS_HSTATUS 272
#define VCPU_REGS_HOST_SP 280
#define VCPU_REGS_HOST_TP 288

#define TRAP_SCAUSE   0
#define TRAP_STVAL    8
#define TRAP_HTVAL    16
#define TRAP_HTINST   24
#define TRAP_INSN_LEN 32
#define TRAP_PC       40
#define TRAP_SIZE     64

/* Of struct vcpu: where the trap of an exit goes. */
#define VCPU_TRAPS_AT 296
#define VCPU_TRAPS    1472

#define VCPU_TRAPS_COUNT 16 /* a power of two */

#define VCPU_VECTOR_VSTART    0
#define VCPU_VECTOR_VCSR      8
#define VCPU_VECTOR_VL        16
#define VCPU_VECTOR_VTYPE     24
#define VCPU_VECTOR_REGISTERS 32

#endif
