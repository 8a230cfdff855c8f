/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which addresses and which ASID other harts want a vCPU to fence. A vCPU has one slot; who finds
 * it taken asks for a fence of everything instead, which is always right.
 *
 * The slot is free, or belongs to the asker that claimed it until that has set
 * VCPU_REQUEST_FENCE_RANGE, then to the home hart until that has read it.
 */
#ifndef VCPU_FENCE_SLOT_H
#define VCPU_FENCE_SLOT_H

#include "vcpu/vcpu.h"

/* What vcpu_request_await must wait for after fence_slot_ask. */
#define FENCE_SLOT_REQUESTS (VCPU_REQUEST_FENCE_VVMA | VCPU_REQUEST_FENCE_RANGE)

/* Asks the vCPU to fence at least `range` before it runs on. Any hart. */
void fence_slot_ask(struct vcpu *vcpu, const struct vma_range *range);

/* Home hart only, which took VCPU_REQUEST_FENCE_RANGE: what is to be fenced. The slot is free
 * afterwards. */
struct vma_range fence_slot_take(struct vcpu *vcpu);

#endif
