/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM's cap: the part of one hart, in percent, that all its vCPUs together may have, whoever else
 * wants it or not. What was had is paid for with time: 10 ms at 25 % are paid until 40 ms after
 * they began, and nobody of the VM gets a turn before. Time not asked for is not saved up.
 */
#ifndef SCHED_CAP_H
#define SCHED_CAP_H

#include "vm/vm.h"

static inline bool cap_is_set(const struct vm *vm)
{
    return vm->config.cap != 0;
}

/* Of a VM whose cap is set: a vCPU had a hart for the `ticks` before host time `now`. Any hart. */
void cap_charge(struct vm *vm, uint64_t ticks, uint64_t now);

/* Until when the VM gets no turn, and whether that is so at `now`. */
uint64_t cap_until(const struct vm *vm);

static inline bool cap_is_reached(const struct vm *vm, uint64_t now)
{
    return cap_is_set(vm) && cap_until(vm) > now;
}

/* Of a VM whose cap is set: how long one turn lasts at most, where `slice` is usual: short, so that
 * the pauses are short. */
uint64_t cap_slice(const struct vm *vm, uint64_t slice);

#endif
