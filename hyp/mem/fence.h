/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fences of guest translations on the hart that calls. Other harts are asked through
 * vcpu_request (vcpu/request.h), not from here. Hardware; the host tests link a fake.
 */
#ifndef MEM_FENCE_H
#define MEM_FENCE_H

/* The VS-stage translations of the VMID that is in hgatp now. */
void fence_vvma_local(void);

/* What this hart fetches from now on sees all earlier stores. */
void fence_i_local(void);

#endif
