/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 7 (IPI Extension): a supervisor software interrupt for each hart of the mask.
 */
#include "sbi/mask.h"
#include "sbi/sbi.h"

#include "riscv/csr.h"
#include "vcpu/request.h"

enum sbi_error sbi_ipi_send(const struct vm *vm, uint64_t mask, uint64_t base)
{
    struct vcpu *target;
    uint64_t next = 0;

    if (!mask_is_valid(vm, mask, base))
        return SBI_ERR_INVALID_PARAM;
    while ((target = mask_next(vm, mask, base, &next)))
        vcpu_interrupt(target, HVIP_VSSIP, true);
    return SBI_SUCCESS;
}

static enum exit_verdict handle(struct vcpu *vcpu)
{
    const uint64_t *x = vcpu->regs.x;

    if (x[REG_A6] != SBI_IPI_SEND_IPI)
        return sbi_error(vcpu, SBI_ERR_NOT_SUPPORTED);
    return sbi_error(vcpu, sbi_ipi_send(vcpu->vm, x[REG_A0], x[REG_A1]));
}

const struct sbi_extension sbi_ipi = {
    .name = "IPI",
    .first = SBI_EXT_IPI,
    .last = SBI_EXT_IPI,
    .handle = handle,
};
