/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a range to single HFENCE.VVMA instructions (mem/fence.c), of which there are four forms.
 */
#include "mem/vvma.h"

#include "mem/addr.h"
#include "mem/fence.h"

static void fence_all_pages(uint64_t asid)
{
    if (asid == VMA_ANY_ASID)
        fence_vvma_local();
    else
        fence_vvma_asid_local(asid);
}

static void fence_page(gva_t gva, uint64_t asid)
{
    if (asid == VMA_ANY_ASID)
        fence_vvma_page_local(gva);
    else
        fence_vvma_page_asid_local(gva, asid);
}

void vvma_fence(const struct vma_range *range)
{
    if (range->pages == 0)
        fence_all_pages(range->asid);
    for (uint64_t page = 0; page < range->pages; page++)
        fence_page(range->start + page * PAGE_SIZE, range->asid);
}
