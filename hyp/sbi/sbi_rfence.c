/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 8 (RFENCE Extension): fences on other harts of the guest. A vCPU that runs is kicked and
 * fences before it goes on; one that does not run fences when it does. The caller waits for the
 * running ones only, so two vCPUs that fence each other cannot block. The caller's own fence is
 * made at once: it is loaded.
 */
#include "sbi/mask.h"
#include "sbi/sbi.h"

#include "mem/fence.h"
#include "mem/vvma.h"
#include "riscv/csr.h"
#include "vcpu/fence_slot.h"
#include "vcpu/request.h"

/* All are asked before the first one is waited for: they leave their guests at the same time. */
static void await(struct vcpu *caller, uint64_t mask, uint64_t base, uint64_t requests)
{
    struct vcpu *target;
    uint64_t next = 0;

    while ((target = mask_next(caller->vm, mask, base, &next))) {
        if (target != caller)
            vcpu_request_await(target, requests);
    }
}

enum sbi_error sbi_rfence_fence_i(struct vcpu *caller, uint64_t mask, uint64_t base)
{
    struct vcpu *target;
    uint64_t next = 0;

    if (!mask_is_valid(caller->vm, mask, base))
        return SBI_ERR_INVALID_PARAM;
    while ((target = mask_next(caller->vm, mask, base, &next))) {
        if (target == caller) {
            fence_i_local();
        } else {
            pmu_count(&caller->pmu, SBI_PMU_FW_FENCE_I_SENT);
            vcpu_request(target, VCPU_REQUEST_FENCE_I);
        }
    }
    await(caller, mask, base, VCPU_REQUEST_FENCE_I);
    return SBI_SUCCESS;
}

enum sbi_error sbi_rfence_sfence_vma(struct vcpu *caller, uint64_t mask, uint64_t base,
                                     const struct vma_range *range)
{
    struct vcpu *target;
    uint64_t next = 0;

    if (!mask_is_valid(caller->vm, mask, base))
        return SBI_ERR_INVALID_PARAM;
    while ((target = mask_next(caller->vm, mask, base, &next))) {
        if (target == caller) {
            vvma_fence(range);
        } else {
            pmu_count(&caller->pmu, range->asid == VMA_ANY_ASID ? SBI_PMU_FW_SFENCE_VMA_SENT
                                                                : SBI_PMU_FW_SFENCE_VMA_ASID_SENT);
            fence_slot_ask(target, range);
        }
    }
    await(caller, mask, base, FENCE_SLOT_REQUESTS);
    return SBI_SUCCESS;
}

/* SBI 8 (RFENCE Extension): a size of 2^64 - 1 means all addresses, as 0 at start 0 does. The
 * last byte of any other range must be an address; sizes are in bytes. An ASID that satp cannot
 * hold names none of the guest's, so nothing less than all of them is sure to be right. */
bool sbi_rfence_range(uint64_t start, uint64_t size, uint64_t asid, struct vma_range *range)
{
    uint64_t last = start + max_u64(size, 1) - 1;

    *range = (struct vma_range){.asid = VMA_ANY_ASID};
    if (asid <= field_get(SATP_ASID, SATP_ASID))
        range->asid = asid;
    if (size == UINT64_MAX || (start == 0 && size == 0))
        return true;
    if (last < start)
        return false;
    range->start = align_down(start, PAGE_SIZE);
    range->pages = (align_down(last, PAGE_SIZE) - range->start) / PAGE_SIZE + 1;
    if (range->pages > VMA_PAGES_MAX)
        range->pages = 0;
    return true;
}

static enum sbi_error sfence_vma(struct vcpu *caller, const uint64_t *x, uint64_t asid)
{
    struct vma_range range;

    if (!sbi_rfence_range(x[REG_A2], x[REG_A3], asid, &range))
        return SBI_ERR_INVALID_ADDRESS;
    return sbi_rfence_sfence_vma(caller, x[REG_A0], x[REG_A1], &range);
}

static enum sbi_error fence(struct vcpu *caller, const uint64_t *x)
{
    switch (x[REG_A6]) {
    case SBI_RFENCE_FENCE_I:
        return sbi_rfence_fence_i(caller, x[REG_A0], x[REG_A1]);
    case SBI_RFENCE_SFENCE_VMA:
        return sfence_vma(caller, x, VMA_ANY_ASID);
    case SBI_RFENCE_SFENCE_VMA_ASID:
        return sfence_vma(caller, x, x[REG_A4]);
    /* The guest's harts have no H extension, so its HFENCE calls do not exist: SBI 8.4 to 8.7. */
    default:
        return SBI_ERR_NOT_SUPPORTED;
    }
}

static enum exit_verdict handle(struct vcpu *vcpu)
{
    return sbi_error(vcpu, fence(vcpu, vcpu->regs.x));
}

const struct sbi_extension sbi_rfence = {
    .name = "RFENCE",
    .first = SBI_EXT_RFENCE,
    .last = SBI_EXT_RFENCE,
    .handle = handle,
};
