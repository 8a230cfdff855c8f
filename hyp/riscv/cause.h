/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why a trap happened: the codes of scause and vscause. Priv 12.1.8 (scause), and 21.6.1
 * (Trap Cause Codes) for those that the hypervisor extension adds.
 */
#ifndef RISCV_CAUSE_H
#define RISCV_CAUSE_H

#include "lib/bits.h"

#include <stdint.h>

#define CAUSE_INTERRUPT BIT(63) /* set in scause when the trap is an interrupt */

enum cause {
    CAUSE_INSN_MISALIGNED = 0,
    CAUSE_INSN_ACCESS_FAULT = 1,
    CAUSE_ILLEGAL_INSN = 2,
    CAUSE_BREAKPOINT = 3,
    CAUSE_LOAD_MISALIGNED = 4,
    CAUSE_LOAD_ACCESS_FAULT = 5,
    CAUSE_STORE_MISALIGNED = 6,
    CAUSE_STORE_ACCESS_FAULT = 7,
    CAUSE_ECALL_U = 8, /* also from VU-mode */
    CAUSE_ECALL_S = 9, /* from HS-mode */
    CAUSE_ECALL_VS = 10,
    CAUSE_ECALL_M = 11,
    CAUSE_INSN_PAGE_FAULT = 12,
    CAUSE_LOAD_PAGE_FAULT = 13,
    CAUSE_RESERVED_14 = 14,
    CAUSE_STORE_PAGE_FAULT = 15,
    CAUSE_DOUBLE_TRAP = 16,
    CAUSE_RESERVED_17 = 17,
    CAUSE_SOFTWARE_CHECK = 18,
    CAUSE_HARDWARE_ERROR = 19,
    CAUSE_INSN_GUEST_PAGE_FAULT = 20,
    CAUSE_LOAD_GUEST_PAGE_FAULT = 21,
    CAUSE_VIRTUAL_INSN = 22,
    CAUSE_STORE_GUEST_PAGE_FAULT = 23,
    CAUSE_COUNT = 24,
};

/* The codes of interrupts; also their bit numbers in sip, sie, hip, hie, hvip. */
enum interrupt {
    INTERRUPT_SSI = 1,
    INTERRUPT_VSSI = 2,
    INTERRUPT_STI = 5,
    INTERRUPT_VSTI = 6,
    INTERRUPT_SEI = 9,
    INTERRUPT_VSEI = 10,
    INTERRUPT_SGEI = 12,
};

/* A cause in the manual's words; never NULL. */
const char *cause_name(uint64_t scause);

#endif
