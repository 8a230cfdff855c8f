/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Caps, as a leaky bucket of one word (the generic cell rate algorithm of ITU-T I.371): the host
 * time until which the VM has had its part. Used by queue.c.
 */
#include "sched/cap.h"

#include "lib/bits.h"

#define PERCENT     100
#define SLICE_PARTS 10 /* no turn is shorter than this part of a slice */

void cap_charge(struct vm *vm, uint64_t ticks, uint64_t now)
{
    uint64_t price = (ticks * PERCENT + vm->config.cap - 1) / vm->config.cap;
    uint64_t old = __atomic_load_n(&vm->cap_until, __ATOMIC_RELAXED);
    uint64_t until;

    do {
        until = max_u64(old, now - ticks) + price;
    } while (!__atomic_compare_exchange_n(&vm->cap_until, &old, until, false, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED));
}

uint64_t cap_until(const struct vm *vm)
{
    return __atomic_load_n(&vm->cap_until, __ATOMIC_RELAXED);
}

uint64_t cap_slice(const struct vm *vm, uint64_t slice)
{
    return max_u64(slice / SLICE_PARTS, min_u64(slice, slice * vm->config.cap / PERCENT));
}
