/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 10 (System Reset Extension): the guest ends its machine, or asks for a fresh start of it.
 */
#include "sbi/sbi.h"

#include "vm/vm.h"

static enum exit_verdict system_reset(struct vcpu *vcpu, uint32_t type, uint32_t reason)
{
    if (type > SBI_SRST_WARM_REBOOT || reason > SBI_SRST_SYSTEM_FAILURE)
        return sbi_error(vcpu, SBI_ERR_INVALID_PARAM);
    if (type != SBI_SRST_SHUTDOWN)
        vm_stop(vcpu->vm, VM_RESETTING, "reset by SBI SRST");
    else if (reason == SBI_SRST_SYSTEM_FAILURE)
        vm_stop(vcpu->vm, VM_CRASHED, "shut down by SBI SRST for a system failure");
    else
        vm_stop(vcpu->vm, VM_HALTED, "shut down by SBI SRST");
    return EXIT_HALT;
}

static enum exit_verdict handle(struct vcpu *vcpu)
{
    const uint64_t *x = vcpu->regs.x;

    if (x[REG_A6] != SBI_SRST_SYSTEM_RESET)
        return sbi_error(vcpu, SBI_ERR_NOT_SUPPORTED);
    return system_reset(vcpu, (uint32_t)x[REG_A0], (uint32_t)x[REG_A1]);
}

const struct sbi_extension sbi_srst = {
    .name = "SRST",
    .first = SBI_EXT_SRST,
    .last = SBI_EXT_SRST,
    .handle = handle,
};
