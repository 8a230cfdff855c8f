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

void fence_i_local(void)
{
    hart_fence_i();
}
