/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 7 (IPI Extension): a supervisor software interrupt for each hart of the mask.
 */
#include "sbi/mask.h"
#include "sbi/sbi.h"

#include "riscv/csr.h"
#include "vcpu/request.h"

struct sbi_ret sbi_ipi_send(struct vcpu *vcpu, uint64_t mask, uint64_t base)
{
    const struct vm *vm = vcpu->vm;
    struct vcpu *target;
    uint64_t next = 0;

    if (!mask_is_valid(vm, mask, base))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    while ((target = mask_next(vm, mask, base, &next)))
        vcpu_interrupt(target, HVIP_VSSIP, true);
    return sbi_success(0);
}

static struct sbi_ret handle(struct vcpu *vcpu, enum exit_verdict *verdict)
{
    const uint64_t *x = vcpu->regs.x;

    (void)verdict;
    if (x[REG_A6] != SBI_IPI_SEND_IPI)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    return sbi_ipi_send(vcpu, x[REG_A0], x[REG_A1]);
}

const struct sbi_extension sbi_ipi = {
    .name = "IPI",
    .first = SBI_EXT_IPI,
    .last = SBI_EXT_IPI,
    .handle = handle,
};
