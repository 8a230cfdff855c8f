/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fences that other harts asked of a vCPU, done on its own. Called by sched/run.c before an
 * entry, as vm_fence of vm/vm.h.
 */
#include "vm/vm.h"

#include "mem/fence.h"
#include "mem/vvma.h"
#include "vcpu/fence_slot.h"

void vm_fence(struct vcpu *vcpu, uint64_t requests)
{
    if (requests & VCPU_REQUEST_FENCE_RANGE) {
        struct vma_range range = fence_slot_take(vcpu);

        vvma_fence(&range);
    }
    if (requests & VCPU_REQUEST_FENCE_VVMA)
        fence_vvma_local();
    if (requests & VCPU_REQUEST_FENCE_I)
        fence_i_local();
}
