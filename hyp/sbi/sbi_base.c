/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 4 (Base Extension): who answers here, and which extensions there are.
 */
#include "sbi/sbi.h"

#define SPEC_VERSION ((uint64_t)2 << SBI_VERSION_MAJOR_SHIFT)

/* Not among the ids that the specification gives out: SBI 4.9 (SBI Implementation IDs). */
#define IMPL_ID      0x5553 /* "US" */
#define IMPL_VERSION 0x00010000

static enum exit_verdict handle(struct vcpu *vcpu)
{
    switch (vcpu->regs.x[REG_A6]) {
    case SBI_BASE_GET_SPEC_VERSION:
        return sbi_success(vcpu, SPEC_VERSION);
    case SBI_BASE_GET_IMPL_ID:
        return sbi_success(vcpu, IMPL_ID);
    case SBI_BASE_GET_IMPL_VERSION:
        return sbi_success(vcpu, IMPL_VERSION);
    case SBI_BASE_PROBE_EXTENSION:
        return sbi_success(vcpu, sbi_find(vcpu->regs.x[REG_A0]) ? 1 : 0);
    /* Zero is always legal, and keeps vendor errata of the host from the guest. */
    case SBI_BASE_GET_MVENDORID:
    case SBI_BASE_GET_MARCHID:
    case SBI_BASE_GET_MIMPID:
        return sbi_success(vcpu, 0);
    default:
        return sbi_error(vcpu, SBI_ERR_NOT_SUPPORTED);
    }
}

const struct sbi_extension sbi_base = {
    .name = "BASE",
    .first = SBI_EXT_BASE,
    .last = SBI_EXT_BASE,
    .handle = handle,
};
