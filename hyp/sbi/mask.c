/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a hart mask to vCPUs. A guest's hartids are 0 to vcpu_count - 1.
 */
#include "sbi/mask.h"

#include "lib/bits.h"

#define MASK_BITS 64

bool mask_is_valid(const struct vm *vm, uint64_t mask, uint64_t base)
{
    if (base == SBI_MASK_ALL || mask == 0)
        return true;
    if (base >= vm->vcpu_count)
        return false;
    return vm->vcpu_count - base >= MASK_BITS || mask >> (vm->vcpu_count - base) == 0;
}

struct vcpu *mask_next(const struct vm *vm, uint64_t mask, uint64_t base, uint64_t *next)
{
    if (base == SBI_MASK_ALL)
        return *next < vm->vcpu_count ? &vm->vcpus[(*next)++] : NULL;
    while (*next < MASK_BITS) {
        uint64_t bit = (*next)++;

        if (mask & BIT(bit))
            return &vm->vcpus[base + bit];
    }
    return NULL;
}
