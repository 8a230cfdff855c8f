/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the F, D and V registers move. Pure: the moves themselves are in fpu_regs.S and
 * vector_regs.S. Illegal instructions are delegated to the guest, so the first use of a register
 * cannot be trapped: whoever runs has its own registers in the hart.
 */
#include "vcpu/fpu.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "riscv/caps.h"
#include "vcpu/fpu_regs.h"

static uint64_t last_name; /* atomic */

/* From here on the hart says when a register is written; one that does not is not believed. */
static void begin_clean(struct vcpu *vcpu)
{
    uint64_t state = caps.fp_tracked ? SSTATUS_FS_CLEAN : SSTATUS_FS_DIRTY;
    uint64_t status = field_set(SSTATUS_FS, vcpu->regs.sstatus & ~SSTATUS_SD, state);

    vcpu->regs.sstatus = caps.v ? field_set(SSTATUS_VS, status, state) : status;
}

void fpu_move_in(struct vcpu *vcpu)
{
    fpu_regs_load(&vcpu->fp);
    if (vcpu->vector.registers)
        vector_regs_load(&vcpu->vector);
    vcpu->home->fp_values = vcpu->fp_values;
}

void fpu_move_out(struct vcpu *vcpu)
{
    fpu_regs_save(&vcpu->fp);
    if (vcpu->vector.registers)
        vector_regs_save(&vcpu->vector);
    fpu_change(vcpu);
    vcpu->home->fp_values = vcpu->fp_values;
    begin_clean(vcpu);
}

void fpu_change(struct vcpu *vcpu)
{
    vcpu->fp_values = __atomic_add_fetch(&last_name, 1, __ATOMIC_RELAXED);
}

void fpu_reset(struct vcpu *vcpu)
{
    memset(&vcpu->fp, 0, sizeof(vcpu->fp));
    if (vcpu->vector.registers)
        memset(vcpu->vector.registers, 0, (size_t)32 * caps.vlenb);
    vcpu->vector = (struct vcpu_vector){.registers = vcpu->vector.registers};
    vcpu->fp_values = FPU_ZEROS;
    begin_clean(vcpu);
}
