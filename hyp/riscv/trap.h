/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the hart said when a trap came to HS-mode: copied once from the CSRs, read by everyone
 * afterwards. And an exception on its way into a guest.
 */
#ifndef RISCV_TRAP_H
#define RISCV_TRAP_H

#include "riscv/cause.h"

#include <stdint.h>

struct trap {
    uint64_t scause;
    uint64_t stval;
    uint64_t htval;             /* guest physical address >> 2, or 0; causes 20, 21, 23 only */
    uint64_t htinst;            /* causes 20, 21, 23 only: see Priv 21.6.3 */
    unsigned insn_len;          /* bytes that EXIT_ADVANCE skips: 4 unless a handler says 2 */
    uint64_t pc;                /* sepc */
} __attribute__((aligned(64))); /* a power of two, for vcpu/enter.S */

/* The guest physical address of a guest-page fault. Priv 21.2.8 (htval): its low two bits, which
 * htval has no room for, are those of stval. */
static inline uint64_t trap_gpa(const struct trap *trap)
{
    return trap->htval << 2 | (trap->stval & 3);
}

/* An exception as it will stand in vscause and vstval. */
struct exception {
    uint64_t cause;
    uint64_t tval;
};

#endif
