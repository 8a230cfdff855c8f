/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the F, D and V registers move. Pure: the moves themselves are in fpu_regs.S and
 * vector_regs.S. Illegal instructions are delegated to the guest, so the first use of a register
 * cannot be trapped: whoever runs has its own registers in the hart.
 */
#include "vcpu/fpu.h"

#include "vcpu/fpu_regs.h"

void fpu_load(struct vcpu *vcpu)
{
    fpu_regs_load(&vcpu->fp);
    if (vcpu->vector.registers)
        vector_regs_load(&vcpu->vector);
}

void fpu_save(struct vcpu *vcpu)
{
    fpu_regs_save(&vcpu->fp);
    if (vcpu->vector.registers)
        vector_regs_save(&vcpu->vector);
}
