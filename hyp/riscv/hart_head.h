/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first words of a hart's block, which tp and sscratch point to while the hypervisor runs:
 * all that assembly needs to know of it.
 */
#ifndef RISCV_HART_HEAD_H
#define RISCV_HART_HEAD_H

#define HART_RECOVER     0  /* where a trap of ours goes on; 0: it is a bug (boot/hyp_trap.S) */
#define HART_SAVED_REG   8  /* one register, while boot/hyp_trap.S decides */
#define HART_FAULT_STACK 16 /* top of the stack on which a fatal trap of ours is reported */
#define HART_HARTID      24

#ifndef __ASSEMBLER__

#include <stdint.h>

struct trace_ring;

struct hart_head {
    uint64_t recover;
    uint64_t saved_reg;
    uint64_t fault_stack;
    uint64_t hartid;
    struct trace_ring *ring; /* its records, or NULL while there are none: trace/put.c */
    uint64_t polls;          /* what its timer is for beside deadlines, as bits; mostly 0:
                                platform/services.c */
};

/* This hart's block. */
static inline struct hart_head *hart_head(void)
{
    struct hart_head *head;

    __asm__("mv %0, tp" : "=r"(head));
    return head;
}

#endif
#endif
