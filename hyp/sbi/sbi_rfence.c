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

struct sbi_ret sbi_rfence_send(struct vcpu *vcpu, uint64_t mask, uint64_t base, uint64_t request)
{
    const struct vm *vm = vcpu->vm;
    struct vcpu *target;
    uint64_t next = 0;

    if (!mask_is_valid(vm, mask, base))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    while ((target = mask_next(vm, mask, base, &next)))
        vcpu_request(target, request);
    next = 0;
    while ((target = mask_next(vm, mask, base, &next)))
        vcpu_request_await(target, request);
    return sbi_success(0);
}

/* SBI 8.1 (Function Listing): start + size may not wrap, but for the two ways to say "all". */
static bool is_range(uint64_t start, uint64_t size)
{
    return size == UINT64_MAX || size <= UINT64_MAX - start;
}

static struct sbi_ret handle(struct vcpu *vcpu, enum exit_verdict *verdict)
{
    const uint64_t *x = vcpu->regs.x;

    (void)verdict;
    switch (x[REG_A6]) {
    case SBI_RFENCE_FENCE_I:
        return sbi_rfence_send(vcpu, x[REG_A0], x[REG_A1], VCPU_REQUEST_FENCE_I);
    case SBI_RFENCE_SFENCE_VMA:
    case SBI_RFENCE_SFENCE_VMA_ASID:
        if (!is_range(x[REG_A2], x[REG_A3]))
            return sbi_error(SBI_ERR_INVALID_ADDRESS);
        return sbi_rfence_send(vcpu, x[REG_A0], x[REG_A1], VCPU_REQUEST_FENCE_VVMA);
    /* The guest's harts have no H extension, so its HFENCE calls do not exist: SBI 8.4 to 8.7. */
    default:
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    }
}

const struct sbi_extension sbi_rfence = {
    .name = "RFENCE",
    .first = SBI_EXT_RFENCE,
    .last = SBI_EXT_RFENCE,
    .handle = handle,
};
