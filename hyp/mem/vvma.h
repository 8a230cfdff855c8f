/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HFENCE.VVMA for a range of pages: the guest's SFENCE.VMA done from outside.
 */
#ifndef MEM_VVMA_H
#define MEM_VVMA_H

#include "riscv/vma_range.h"

/* Fences what `range` names, of the VMID that is in hgatp now, on this hart. Priv 21.3.2
 * (Hypervisor Memory-Management Fence Instructions). */
void vvma_fence(const struct vma_range *range);

#endif
