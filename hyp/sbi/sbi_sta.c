/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 16 (Steal-time Accounting Extension): where the guest wants to be told of stolen time. The
 * telling is vm/steal.c's.
 */
#include "sbi/sbi.h"

#include "vm/steal.h"

/* SBI 16.1 (Set Steal-time Shared Memory Address). The upper half of an address is 0 on RV64. */
static enum sbi_error set_shmem(struct vcpu *vcpu, uint64_t low, uint64_t high, uint64_t flags)
{
    bool is_off = low == UINT64_MAX && high == UINT64_MAX;

    if (flags != 0 || (!is_off && !is_aligned(low, STEAL_SIZE)))
        return SBI_ERR_INVALID_PARAM;
    if (is_off)
        low = VCPU_STEAL_NOWHERE;
    else if (high != 0)
        return SBI_ERR_INVALID_ADDRESS;
    return steal_tell(vcpu, low) == 0 ? SBI_SUCCESS : SBI_ERR_INVALID_ADDRESS;
}

static enum exit_verdict handle(struct vcpu *vcpu)
{
    const uint64_t *x = vcpu->regs.x;

    if (x[REG_A6] != SBI_STA_SET_SHMEM)
        return sbi_error(vcpu, SBI_ERR_NOT_SUPPORTED);
    return sbi_error(vcpu, set_shmem(vcpu, x[REG_A0], x[REG_A1], x[REG_A2]));
}

const struct sbi_extension sbi_sta = {
    .name = "STA",
    .first = SBI_EXT_STA,
    .last = SBI_EXT_STA,
    .handle = handle,
};
