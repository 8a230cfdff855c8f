/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The slot of a remote fence's range. Asked by sbi/sbi_rfence.c, taken by vm/fence.c.
 */
#include "vcpu/fence_slot.h"

#include "vcpu/request.h"

/* The request is set after the range is in place: who takes the bit sees the range. */
void fence_slot_ask(struct vcpu *vcpu, const struct vma_range *range)
{
    uint32_t is_free = 0;

    if (!__atomic_compare_exchange_n(&vcpu->fence.is_taken, &is_free, 1, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST)) {
        vcpu_request(vcpu, VCPU_REQUEST_FENCE_VVMA);
        return;
    }
    vcpu->fence.range = *range;
    vcpu_request(vcpu, VCPU_REQUEST_FENCE_RANGE);
}

struct vma_range fence_slot_take(struct vcpu *vcpu)
{
    struct vma_range range = vcpu->fence.range;

    __atomic_store_n(&vcpu->fence.is_taken, 0, __ATOMIC_SEQ_CST);
    return range;
}
