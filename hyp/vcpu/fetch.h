/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads through both stages of a loaded vCPU's translation, with its own rights: HLVX and HLV.
 * The one place where a trap of ours is survived (boot/hyp_trap.S). Hardware; the host tests
 * link a fake.
 */
#ifndef VCPU_FETCH_H
#define VCPU_FETCH_H

#include "vcpu/vcpu.h"

enum fetch_result {
    FETCH_OK,
    FETCH_FAULT, /* *exception is the guest's own fault, to be injected */
    FETCH_RETRY, /* the G-stage said no: enter again, and the hart reports it as a fetch */
};

/* The instruction at regs.sepc, in two halves as the second may stand on another page. */
enum fetch_result fetch_insn(const struct vcpu *vcpu, uint32_t *word, struct exception *exception);

/* A doubleword of guest virtual memory at `gva`; never FETCH_RETRY. */
enum fetch_result fetch_u64(const struct vcpu *vcpu, uint64_t gva, uint64_t *value,
                            struct exception *exception);

#endif
