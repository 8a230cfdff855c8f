/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stolen time: how long a vCPU could have run while another had its hart, told to the guest in 64
 * bytes of its memory. SBI 16 (Steal-time Accounting Extension). sched/ says when, the guest says
 * where (sbi/sbi_sta.c). Called on the vCPU's home hart.
 */
#ifndef VM_STEAL_H
#define VM_STEAL_H

#include "vm/vm.h"

#define STEAL_SIZE 64 /* bytes, and alignment */

/* From now on it is told at `gpa`, counted from 0: the bytes there are zeroed. VCPU_STEAL_NOWHERE:
 * it is not told. ERR_RANGE where the guest may not write there; then nothing is changed. */
int steal_tell(struct vcpu *vcpu, gpa_t gpa);

static inline bool steal_is_told(const struct vcpu *vcpu)
{
    return !(vcpu->steal.gpa & BIT(63)); /* which no address has, and VCPU_STEAL_NOWHERE */
}

/* Of one that is told: it could run from host time `now` on, and does not have its hart; it takes
 * its hart, after steal_note, before it is entered. */
void steal_note(struct vcpu *vcpu, uint64_t now);
void steal_add(struct vcpu *vcpu, uint64_t now);

/* The same, of any. */
static inline void steal_begin(struct vcpu *vcpu, uint64_t now)
{
    if (steal_is_told(vcpu))
        steal_note(vcpu, now);
}

static inline void steal_end(struct vcpu *vcpu, uint64_t now)
{
    if (steal_is_told(vcpu))
        steal_add(vcpu, now);
}

#endif
