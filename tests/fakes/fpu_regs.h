/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The F, D and V registers of a hart.
 */
#ifndef FAKES_FPU_REGS_H
#define FAKES_FPU_REGS_H

#include "vcpu/fpu_regs.h"

struct fpu_regs_hart {
    struct vcpu_fp fp;
    struct vcpu_vector vector; /* registers is not used */
    uint8_t v[512];            /* 32 registers of 16 bytes */
    /* Calls: */
    unsigned fp_loads, fp_saves, vector_loads, vector_saves;
};

/* Start state: all zero. */
extern struct fpu_regs_hart fpu_regs_hart;

#endif
