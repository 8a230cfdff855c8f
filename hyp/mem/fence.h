/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fences of guest translations on the hart that calls. Other harts are asked through
 * vcpu_request (vcpu/request.h), not from here. Hardware; the host tests link a fake.
 */
#ifndef MEM_FENCE_H
#define MEM_FENCE_H

#include "mem/addr.h"

/* The VS-stage translations of the VMID that is in hgatp now: all; those of one ASID; those of
 * one page; those of one page in one ASID. The forms with an ASID, of 16 bits at most, leave
 * global mappings. Priv 21.3.2 (Hypervisor Memory-Management Fence Instructions). */
void fence_vvma_local(void);
void fence_vvma_asid_local(uint64_t asid);
void fence_vvma_page_local(gva_t gva);
void fence_vvma_page_asid_local(gva_t gva, uint64_t asid);

/* What this hart fetches from now on sees all earlier stores. */
void fence_i_local(void);

#endif
