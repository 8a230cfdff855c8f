/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 6 (Timer Extension). With Sstc the guest's timer is the hart's vstimecmp, which it may also
 * write by itself; without, the hypervisor's own timer stands in (sched/).
 */
#include "sbi/sbi.h"

#include "riscv/caps.h"
#include "riscv/csr.h"
#include "vcpu/request.h"
#include "vcpu/vscsr.h"

/* SBI 6.1: the pending bit is cleared whenever the new time lies ahead, also if it is masked. */
void sbi_time_set(struct vcpu *vcpu, uint64_t deadline)
{
    vcpu->csrs.vstimecmp = deadline;
    if (caps.sstc) {
        vscsr_load_timer(vcpu);
    } else {
        vscsr_change_hvip(0, HVIP_VSTIP);
        vcpu_request(vcpu, VCPU_REQUEST_TIMER);
    }
}

static enum exit_verdict handle(struct vcpu *vcpu)
{
    if (vcpu->regs.x[REG_A6] != SBI_TIME_SET_TIMER)
        return sbi_error(vcpu, SBI_ERR_NOT_SUPPORTED);
    sbi_time_set(vcpu, vcpu->regs.x[REG_A0]);
    pmu_count(&vcpu->pmu, SBI_PMU_FW_SET_TIMER);
    return sbi_success(vcpu, 0);
}

const struct sbi_extension sbi_time = {
    .name = "TIME",
    .first = SBI_EXT_TIME,
    .last = SBI_EXT_TIME,
    .handle = handle,
};
