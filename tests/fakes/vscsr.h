/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hart's CSRs as vcpu/vscsr.c moves them. While a vCPU is loaded, vscsr_hart.csrs leads: a test
 * plays the guest by changing it. One hart at a time; saving must come before another loading.
 *
 * Words in the trace: "load:a0", "load+drop:a0" with dropped translations, "save:a0".
 */
#ifndef FAKES_VSCSR_H
#define FAKES_VSCSR_H

#include "vcpu/vscsr.h"

struct vscsr_hart {
    uint64_t time; /* what vscsr_time reads */
    struct pmu_hart counters;
    struct vcpu_csrs csrs; /* what the hart holds */
    struct vcpu *loaded;   /* or NULL */
    unsigned timer_loads;  /* calls of vscsr_load_timer */
};

extern struct vscsr_hart vscsr_hart;

/* Time 1000, nothing loaded, all CSRs 0 but vstimecmp. */
void vscsr_reset(void);

#endif
