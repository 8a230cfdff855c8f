/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The causes of traps in words, for reports.
 */
#include "riscv/cause.h"

#include <stddef.h>

static const char *const names[CAUSE_COUNT] = {
    [CAUSE_INSN_MISALIGNED] = "instruction address misaligned",
    [CAUSE_INSN_ACCESS_FAULT] = "instruction access fault",
    [CAUSE_ILLEGAL_INSN] = "illegal instruction",
    [CAUSE_BREAKPOINT] = "breakpoint",
    [CAUSE_LOAD_MISALIGNED] = "load address misaligned",
    [CAUSE_LOAD_ACCESS_FAULT] = "load access fault",
    [CAUSE_STORE_MISALIGNED] = "store/AMO address misaligned",
    [CAUSE_STORE_ACCESS_FAULT] = "store/AMO access fault",
    [CAUSE_ECALL_U] = "environment call from U-mode or VU-mode",
    [CAUSE_ECALL_S] = "environment call from HS-mode",
    [CAUSE_ECALL_VS] = "environment call from VS-mode",
    [CAUSE_ECALL_M] = "environment call from M-mode",
    [CAUSE_INSN_PAGE_FAULT] = "instruction page fault",
    [CAUSE_LOAD_PAGE_FAULT] = "load page fault",
    [CAUSE_STORE_PAGE_FAULT] = "store/AMO page fault",
    [CAUSE_DOUBLE_TRAP] = "double trap",
    [CAUSE_SOFTWARE_CHECK] = "software check",
    [CAUSE_HARDWARE_ERROR] = "hardware error",
    [CAUSE_INSN_GUEST_PAGE_FAULT] = "instruction guest-page fault",
    [CAUSE_LOAD_GUEST_PAGE_FAULT] = "load guest-page fault",
    [CAUSE_VIRTUAL_INSN] = "virtual instruction",
    [CAUSE_STORE_GUEST_PAGE_FAULT] = "store/AMO guest-page fault",
};

const char *cause_name(uint64_t scause)
{
    if (scause & CAUSE_INTERRUPT)
        return "interrupt";
    return scause < CAUSE_COUNT && names[scause] ? names[scause] : "reserved cause";
}
