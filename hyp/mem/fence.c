/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fences of the hart that calls. Hardware.
 */
#include "mem/fence.h"

#include "riscv/hart.h"

void fence_vvma_local(void)
{
    hart_hfence_vvma();
}

void fence_vvma_asid_local(uint64_t asid)
{
    hart_hfence_vvma_asid(asid);
}

void fence_vvma_page_local(gva_t gva)
{
    hart_hfence_vvma_page(gva);
}

void fence_vvma_page_asid_local(gva_t gva, uint64_t asid)
{
    hart_hfence_vvma_page_asid(gva, asid);
}

void fence_i_local(void)
{
    hart_fence_i();
}
