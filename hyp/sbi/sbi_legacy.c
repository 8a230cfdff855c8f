/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 5 (Legacy Extensions): each function is an extension of its own, a6 is ignored and only a0
 * changes. Hart masks are pointers to guest virtual memory; a fault there is the guest's own, at
 * its ECALL.
 */
#include "sbi/mask.h"
#include "sbi/sbi.h"

#include "riscv/csr.h"
#include "vcpu/fetch.h"
#include "vcpu/vscsr.h"
#include "vm/vm.h"

/* The answer of a legacy call: a1 stays. */
static enum exit_verdict answer(struct vcpu *vcpu, int64_t value)
{
    vcpu->regs.x[REG_A0] = (uint64_t)value;
    return EXIT_ADVANCE;
}

static int64_t read_byte(struct vcpu *vcpu)
{
    uint8_t byte;

    return vm_console_read(vcpu->vm, &byte, 1) == 1 ? byte : SBI_ERR_FAILED;
}

/* SBI 5.7 and 5.8: start, size and ASID in a1 to a3. */
static enum sbi_error sfence_vma(struct vcpu *vcpu, uint64_t mask, uint64_t base, uint64_t asid)
{
    const uint64_t *x = vcpu->regs.x;
    struct vma_range range;

    if (!sbi_rfence_range(x[REG_A1], x[REG_A2], asid, &range))
        return SBI_ERR_INVALID_ADDRESS;
    return sbi_rfence_sfence_vma(vcpu, mask, base, &range);
}

static enum sbi_error send(struct vcpu *vcpu, uint64_t mask, uint64_t base)
{
    switch (vcpu->regs.x[REG_A7]) {
    case SBI_LEGACY_SEND_IPI:
        return sbi_ipi_send(vcpu, mask, base);
    case SBI_LEGACY_REMOTE_FENCE_I:
        return sbi_rfence_fence_i(vcpu, mask, base);
    case SBI_LEGACY_REMOTE_SFENCE_VMA:
        return sfence_vma(vcpu, mask, base, VMA_ANY_ASID);
    default: /* SBI_LEGACY_REMOTE_SFENCE_VMA_ASID */
        return sfence_vma(vcpu, mask, base, vcpu->regs.x[REG_A3]);
    }
}

/* SBI 5.5 to 5.8; a null pointer names all harts, as OpenSBI has it.
 * Simplified: one doubleword of the mask is read, for the first 64 harts. */
static enum exit_verdict send_to_mask(struct vcpu *vcpu)
{
    uint64_t gva = vcpu->regs.x[REG_A0];
    uint64_t base = gva ? 0 : SBI_MASK_ALL;
    uint64_t mask = 0;

    if (gva && fetch_u64(vcpu, gva, &mask, &vcpu->inject) != FETCH_OK)
        return EXIT_INJECT;
    answer(vcpu, send(vcpu, mask, base));
    return sbi_ipi_verdict(vcpu);
}

/* SBI 5.4 (Clear IPI): positive where one was pending. */
static enum exit_verdict clear_ipi(struct vcpu *vcpu)
{
    vscsr_save_hvip(vcpu);
    vscsr_change_hvip(0, HVIP_VSSIP);
    return answer(vcpu, vcpu->csrs.hvip & HVIP_VSSIP ? 1 : 0);
}

static enum exit_verdict write_byte(struct vcpu *vcpu)
{
    uint8_t byte = (uint8_t)vcpu->regs.x[REG_A0];

    vm_console_write(vcpu->vm, &byte, 1);
    return answer(vcpu, SBI_SUCCESS);
}

static enum exit_verdict handle(struct vcpu *vcpu)
{
    switch (vcpu->regs.x[REG_A7]) {
    case SBI_LEGACY_SET_TIMER:
        sbi_time_set(vcpu, vcpu->regs.x[REG_A0]);
        pmu_count(&vcpu->pmu, SBI_PMU_FW_SET_TIMER);
        return answer(vcpu, SBI_SUCCESS);
    case SBI_LEGACY_CONSOLE_PUTCHAR:
        return write_byte(vcpu);
    case SBI_LEGACY_CONSOLE_GETCHAR:
        return answer(vcpu, read_byte(vcpu));
    case SBI_LEGACY_CLEAR_IPI:
        return clear_ipi(vcpu);
    case SBI_LEGACY_SEND_IPI:
    case SBI_LEGACY_REMOTE_FENCE_I:
    case SBI_LEGACY_REMOTE_SFENCE_VMA:
    case SBI_LEGACY_REMOTE_SFENCE_VMA_ASID:
        return send_to_mask(vcpu);
    default: /* SBI_LEGACY_SHUTDOWN, the last of the range */
        vm_stop(vcpu->vm, VM_HALTED, "shut down by the legacy SBI call");
        return EXIT_HALT;
    }
}

const struct sbi_extension sbi_legacy = {
    .name = "legacy",
    .first = SBI_LEGACY_SET_TIMER,
    .last = SBI_LEGACY_SHUTDOWN,
    .handle = handle,
};
