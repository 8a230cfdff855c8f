/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which translations of a guest an SFENCE.VMA, or the HFENCE.VVMA that stands in for it, is about.
 * Plain data: it travels from sbi/ through the target's slot (vcpu/fence_slot.h) to mem/vvma.c.
 */
#ifndef RISCV_VMA_RANGE_H
#define RISCV_VMA_RANGE_H

#include <stdint.h>

#define VMA_ANY_ASID UINT64_MAX

/* The longest range that is fenced page by page. Each page is one instruction, which costs about
 * as much as filling one translation anew; a first-level TLB holds some dozens. */
#define VMA_PAGES_MAX 16

struct vma_range {
    uint64_t start; /* gva of the first page */
    uint64_t pages; /* 4 KiB each, at most VMA_PAGES_MAX; 0: all addresses */
    uint64_t asid;  /* VMA_ANY_ASID: all ASIDs, global mappings too */
};

#endif
