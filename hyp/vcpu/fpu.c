/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the F, D and V registers move. Pure: the moves themselves are in fpu_regs.S and
 * vector_regs.S. Illegal instructions are delegated to the guest, so the first use of a register
 * cannot be trapped: whoever runs has its own registers in the hart.
 */
#include "vcpu/fpu.h"

#include "riscv/csr.h"
#include "vcpu/fpu_regs.h"

static bool is_dirty(const struct vcpu *vcpu, uint64_t field)
{
    return field_get(field, vcpu->regs.sstatus) == SSTATUS_FS_DIRTY;
}

static void mark_clean(struct vcpu *vcpu, uint64_t field)
{
    vcpu->regs.sstatus = field_set(field, vcpu->regs.sstatus, SSTATUS_FS_CLEAN);
}

void fpu_load(struct vcpu *vcpu)
{
    fpu_regs_load(&vcpu->fp);
    mark_clean(vcpu, SSTATUS_FS);
    if (vcpu->vector.registers) {
        vector_regs_load(&vcpu->vector);
        mark_clean(vcpu, SSTATUS_VS);
    }
}

void fpu_save(struct vcpu *vcpu)
{
    if (is_dirty(vcpu, SSTATUS_FS)) {
        fpu_regs_save(&vcpu->fp);
        mark_clean(vcpu, SSTATUS_FS);
    }
    if (vcpu->vector.registers && is_dirty(vcpu, SSTATUS_VS)) {
        vector_regs_save(&vcpu->vector);
        mark_clean(vcpu, SSTATUS_VS);
    }
}
