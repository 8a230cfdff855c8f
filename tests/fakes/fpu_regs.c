/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for vcpu/fpu_regs.S and vector_regs.S.
 */
#include "fakes/fpu_regs.h"

#include <string.h>

struct fpu_regs_hart fpu_regs_hart;

void fpu_regs_load(const struct vcpu_fp *fp)
{
    fpu_regs_hart.fp = *fp;
    fpu_regs_hart.fp_loads++;
}

void fpu_regs_save(struct vcpu_fp *fp)
{
    *fp = fpu_regs_hart.fp;
    fpu_regs_hart.fp_saves++;
}

void vector_regs_load(const struct vcpu_vector *vector)
{
    fpu_regs_hart.vector = *vector;
    memcpy(fpu_regs_hart.v, vector->registers, sizeof(fpu_regs_hart.v));
    fpu_regs_hart.vector_loads++;
}

void vector_regs_save(struct vcpu_vector *vector)
{
    void *registers = vector->registers;

    *vector = fpu_regs_hart.vector;
    vector->registers = registers;
    memcpy(registers, fpu_regs_hart.v, sizeof(fpu_regs_hart.v));
    fpu_regs_hart.vector_saves++;
}
