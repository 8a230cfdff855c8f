/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fences that other harts asked of a vCPU, done on its own. Called by sched/run.c before an
 * entry, as vm_fence of vm/vm.h. Requests that meet are one event of the PMU; one that found the
 * slot taken counts as one without an ASID.
 */
#include "vm/vm.h"

#include "mem/fence.h"
#include "mem/vvma.h"
#include "vcpu/fence_slot.h"

void vm_arrive(const struct vcpu *vcpu)
{
    (void)vcpu;
    fence_i_local();
}

void vm_fence(struct vcpu *vcpu, uint64_t requests)
{
    if (requests & VCPU_REQUEST_FENCE_RANGE) {
        struct vma_range range = fence_slot_take(vcpu);

        vvma_fence(&range);
        pmu_count(&vcpu->pmu, range.asid == VMA_ANY_ASID ? SBI_PMU_FW_SFENCE_VMA_RECEIVED
                                                         : SBI_PMU_FW_SFENCE_VMA_ASID_RECEIVED);
    }
    if (requests & VCPU_REQUEST_FENCE_VVMA) {
        fence_vvma_local();
        pmu_count(&vcpu->pmu, SBI_PMU_FW_SFENCE_VMA_RECEIVED);
    }
    if (requests & VCPU_REQUEST_FENCE_I) {
        fence_i_local();
        pmu_count(&vcpu->pmu, SBI_PMU_FW_FENCE_I_RECEIVED);
    }
}
