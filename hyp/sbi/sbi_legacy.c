/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 5 (Legacy Extensions): each function is an extension of its own, a6 is ignored and only a0
 * changes. Hart masks are pointers to guest virtual memory; a fault there is the guest's own, at
 * its ECALL.
 */
#include "sbi/sbi.h"

#include "riscv/csr.h"
#include "vcpu/fetch.h"
#include "vcpu/request.h"
#include "vcpu/vscsr.h"
#include "vm/vm.h"

static struct sbi_ret getchar(struct vcpu *vcpu)
{
    uint8_t byte;

    if (vm_console_read(vcpu->vm, &byte, 1) == 0)
        return sbi_error(SBI_ERR_FAILED);
    return (struct sbi_ret){.error = byte};
}

/* SBI 5.5 to 5.8; a null pointer names all harts. */
static bool read_mask(struct vcpu *vcpu, uint64_t *mask, uint64_t *base, enum exit_verdict *verdict)
{
    uint64_t gva = vcpu->regs.x[REG_A0];

    *mask = 0;
    *base = gva ? 0 : UINT64_MAX;
    if (!gva || fetch_u64(vcpu, gva, mask, &vcpu->inject) == FETCH_OK)
        return true;
    *verdict = EXIT_INJECT;
    return false;
}

static struct sbi_ret send_to_mask(struct vcpu *vcpu, uint64_t request, enum exit_verdict *verdict)
{
    uint64_t mask, base;

    if (!read_mask(vcpu, &mask, &base, verdict))
        return sbi_success(0);
    if (request == VCPU_REQUEST_INTERRUPT)
        return sbi_ipi_send(vcpu, mask, base);
    return sbi_rfence_send(vcpu, mask, base, request);
}

static struct sbi_ret handle(struct vcpu *vcpu, enum exit_verdict *verdict)
{
    uint8_t byte = (uint8_t)vcpu->regs.x[REG_A0];

    switch (vcpu->regs.x[REG_A7]) {
    case SBI_LEGACY_SET_TIMER:
        sbi_time_set(vcpu, vcpu->regs.x[REG_A0]);
        return sbi_success(0);
    case SBI_LEGACY_CONSOLE_PUTCHAR:
        vm_console_write(vcpu->vm, &byte, 1);
        return sbi_success(0);
    case SBI_LEGACY_CONSOLE_GETCHAR:
        return getchar(vcpu);
    case SBI_LEGACY_CLEAR_IPI:
        vscsr_change_hvip(0, HVIP_VSSIP);
        return sbi_success(0);
    case SBI_LEGACY_SEND_IPI:
        return send_to_mask(vcpu, VCPU_REQUEST_INTERRUPT, verdict);
    case SBI_LEGACY_REMOTE_FENCE_I:
        return send_to_mask(vcpu, VCPU_REQUEST_FENCE_I, verdict);
    case SBI_LEGACY_REMOTE_SFENCE_VMA:
    case SBI_LEGACY_REMOTE_SFENCE_VMA_ASID:
        return send_to_mask(vcpu, VCPU_REQUEST_FENCE_VVMA, verdict);
    default: /* SBI_LEGACY_SHUTDOWN, the last of the range */
        vm_stop(vcpu->vm, VM_HALTED, "shut down by the legacy SBI call");
        *verdict = EXIT_HALT;
        return sbi_success(0);
    }
}

const struct sbi_extension sbi_legacy = {
    .name = "legacy",
    .first = SBI_LEGACY_SET_TIMER,
    .last = SBI_LEGACY_SHUTDOWN,
    .is_legacy = true,
    .handle = handle,
};
