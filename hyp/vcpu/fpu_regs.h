/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The moves of floating-point and vector registers, in fpu_regs.S and vector_regs.S: the only
 * instructions of F, D and V in the hypervisor.
 */
#ifndef VCPU_FPU_REGS_H
#define VCPU_FPU_REGS_H

#include "vcpu/vcpu.h"

/* They open FS (VS) for themselves and leave it as it was. */
void fpu_regs_load(const struct vcpu_fp *fp);
void fpu_regs_save(struct vcpu_fp *fp);

/* Only where caps.v; vector->registers is not NULL. */
void vector_regs_load(const struct vcpu_vector *vector);
void vector_regs_save(struct vcpu_vector *vector);

/* vcsr and vstart alone. FS and VS are open. */
void vector_csrs_load(const struct vcpu_vector *vector);
void vector_csrs_save(struct vcpu_vector *vector);

#endif
