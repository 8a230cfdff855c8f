/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 7 (IPI Extension): a supervisor software interrupt for each hart of the mask. The caller's
 * own goes straight into its hvip: it is loaded. Who interrupts another mostly waits for an answer,
 * so a vCPU that could run and has no hart is given one soon: the caller's, if that is its home.
 */
#include "sbi/mask.h"
#include "sbi/sbi.h"

#include "riscv/csr.h"
#include "vcpu/request.h"
#include "vcpu/vscsr.h"
#include "vm/prefer.h"

static void send(struct vcpu *caller, struct vcpu *target)
{
    if (target == caller) {
        vscsr_change_hvip(HVIP_VSSIP, 0);
    } else {
        bool is_due = prefer_is_due(target);

        pmu_count(&caller->pmu, SBI_PMU_FW_IPI_SENT);
        vcpu_interrupt(target, HVIP_VSSIP, true);
        if (is_due)
            prefer_ask(target);
    }
}

enum sbi_error sbi_ipi_send(struct vcpu *caller, uint64_t mask, uint64_t base)
{
    struct vcpu *target;
    uint64_t next = 0;

    if (!mask_is_valid(caller->vm, mask, base))
        return SBI_ERR_INVALID_PARAM;
    while ((target = mask_next(caller->vm, mask, base, &next)))
        send(caller, target);
    return SBI_SUCCESS;
}

enum exit_verdict sbi_ipi_verdict(const struct vcpu *caller)
{
    return prefer_is_asked(caller->home) ? EXIT_PASS : EXIT_ADVANCE;
}

static enum exit_verdict handle(struct vcpu *vcpu)
{
    const uint64_t *x = vcpu->regs.x;

    if (x[REG_A6] != SBI_IPI_SEND_IPI)
        return sbi_error(vcpu, SBI_ERR_NOT_SUPPORTED);
    sbi_error(vcpu, sbi_ipi_send(vcpu, x[REG_A0], x[REG_A1]));
    return sbi_ipi_verdict(vcpu);
}

const struct sbi_extension sbi_ipi = {
    .name = "IPI",
    .first = SBI_EXT_IPI,
    .last = SBI_EXT_IPI,
    .handle = handle,
};
