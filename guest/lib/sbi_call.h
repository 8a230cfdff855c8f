/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls to the SBI that guests make often, by name, and one with all six arguments. Calls of
 * up to three arguments that only one guest makes use hart_ecall (riscv/hart.h) directly.
 */
#ifndef LIB_SBI_CALL_H
#define LIB_SBI_CALL_H

#include "riscv/hart.h"

#include <stdbool.h>

#define SBI_ALL_HARTS UINT64_MAX /* as hart_mask_base: SBI 3.1 (Hart list parameter) */

#define SBI_IMPL_OPENSBI 1 /* SBI 4.9 (SBI Implementation IDs) */

struct sbi_ret sbi_call6(uint64_t extension, uint64_t function, const uint64_t args[6]);

/* Natively we run on OpenSBI, whose known deviations a test steps around. */
bool sbi_is_opensbi(void);

/* Ends the machine: SRST shutdown, with `reason` of enum sbi_srst_reason. */
_Noreturn void sbi_shutdown(uint64_t reason);

static inline struct sbi_ret sbi_set_timer(uint64_t deadline)
{
    return hart_ecall(SBI_EXT_TIME, SBI_TIME_SET_TIMER, deadline, 0, 0);
}

static inline struct sbi_ret sbi_send_ipi(uint64_t mask, uint64_t base)
{
    return hart_ecall(SBI_EXT_IPI, SBI_IPI_SEND_IPI, mask, base, 0);
}

static inline struct sbi_ret sbi_remote_fence_i(uint64_t mask, uint64_t base)
{
    return hart_ecall(SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, mask, base, 0);
}

static inline struct sbi_ret sbi_remote_sfence_vma(uint64_t mask, uint64_t base, uint64_t start,
                                                   uint64_t size)
{
    uint64_t args[6] = {mask, base, start, size};

    return sbi_call6(SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, args);
}

static inline struct sbi_ret sbi_remote_sfence_vma_asid(uint64_t mask, uint64_t base,
                                                        uint64_t start, uint64_t size,
                                                        uint64_t asid)
{
    uint64_t args[6] = {mask, base, start, size, asid};

    return sbi_call6(SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA_ASID, args);
}

static inline struct sbi_ret sbi_hart_start(uint64_t id, uint64_t address, uint64_t opaque)
{
    return hart_ecall(SBI_EXT_HSM, SBI_HSM_HART_START, id, address, opaque);
}

static inline struct sbi_ret sbi_hart_status(uint64_t id)
{
    return hart_ecall(SBI_EXT_HSM, SBI_HSM_HART_GET_STATUS, id, 0, 0);
}

static inline struct sbi_ret sbi_hart_suspend(uint64_t type, uint64_t address, uint64_t opaque)
{
    return hart_ecall(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, type, address, opaque);
}

#endif
