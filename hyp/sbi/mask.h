/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hart masks. SBI 3.1 (Hart list parameter): bit n of the mask names hart base + n; a base of
 * -1 names all harts whatever the mask.
 */
#ifndef SBI_MASK_H
#define SBI_MASK_H

#include "vm/vm.h"

#define SBI_MASK_ALL UINT64_MAX

/* False where the mask names a hart that the VM does not have. */
bool mask_is_valid(const struct vm *vm, uint64_t mask, uint64_t base);

/*
 * The vCPUs of a valid mask, one a call: *next is 0 before the first and passed on unchanged.
 * NULL after the last.
 */
struct vcpu *mask_next(const struct vm *vm, uint64_t mask, uint64_t base, uint64_t *next);

#endif
