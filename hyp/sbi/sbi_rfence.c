/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 8 (RFENCE Extension): fences on other harts of the guest. A vCPU that runs is kicked and
 * fences before it goes on; one that does not run fences when it does. The caller waits for the
 * running ones only, so two vCPUs that fence each other cannot block.
 *
 * Simplified: a range or an ASID is not passed on; the whole VS-stage of the vCPU is fenced, which
 * the specification allows.
 */
#include "sbi/mask.h"
#include "sbi/sbi.h"

#include "vcpu/request.h"

enum sbi_error sbi_rfence_send(const struct vm *vm, uint64_t mask, uint64_t base, uint64_t request)
{
    struct vcpu *target;
    uint64_t next = 0;

    if (!mask_is_valid(vm, mask, base))
        return SBI_ERR_INVALID_PARAM;
    while ((target = mask_next(vm, mask, base, &next)))
        vcpu_request(target, request);
    next = 0;
    while ((target = mask_next(vm, mask, base, &next)))
        vcpu_request_await(target, request);
    return SBI_SUCCESS;
}

/* SBI 8 (RFENCE Extension): a size of 2^64 - 1 means all addresses, as 0 at start 0 does. The
 * last byte of any other range must be an address. */
static bool is_range(uint64_t start, uint64_t size)
{
    return size == UINT64_MAX || size == 0 || size - 1 <= UINT64_MAX - start;
}

static enum sbi_error fence(const struct vm *vm, const uint64_t *x)
{
    switch (x[REG_A6]) {
    case SBI_RFENCE_FENCE_I:
        return sbi_rfence_send(vm, x[REG_A0], x[REG_A1], VCPU_REQUEST_FENCE_I);
    case SBI_RFENCE_SFENCE_VMA:
    case SBI_RFENCE_SFENCE_VMA_ASID:
        if (!is_range(x[REG_A2], x[REG_A3]))
            return SBI_ERR_INVALID_ADDRESS;
        return sbi_rfence_send(vm, x[REG_A0], x[REG_A1], VCPU_REQUEST_FENCE_VVMA);
    /* The guest's harts have no H extension, so its HFENCE calls do not exist: SBI 8.4 to 8.7. */
    default:
        return SBI_ERR_NOT_SUPPORTED;
    }
}

static enum exit_verdict handle(struct vcpu *vcpu)
{
    return sbi_error(vcpu, fence(vcpu->vm, vcpu->regs.x));
}

const struct sbi_extension sbi_rfence = {
    .name = "RFENCE",
    .first = SBI_EXT_RFENCE,
    .last = SBI_EXT_RFENCE,
    .handle = handle,
};
