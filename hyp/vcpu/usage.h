/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time that a vCPU had a hart: counted when it is loaded and saved, so an exit costs nothing.
 * What we do for it between its entries is in it, and the hart's own sleep in its WFI.
 */
#ifndef VCPU_USAGE_H
#define VCPU_USAGE_H

#include "vcpu/vcpu.h"

/* It takes its hart, and loses it, at host time `now`. On that hart. */
static inline void usage_begin(struct vcpu *vcpu, uint64_t now)
{
    __atomic_store_n(&vcpu->usage.since, now, __ATOMIC_RELAXED);
}

static inline void usage_end(struct vcpu *vcpu, uint64_t now)
{
    struct vcpu_usage *usage = &vcpu->usage;

    __atomic_store_n(&usage->ticks, usage->ticks + now - usage->since, __ATOMIC_RELAXED);
    __atomic_store_n(&usage->since, VCPU_USAGE_NONE, __ATOMIC_RELAXED);
}

/* True while it has a hart. Any hart. */
static inline bool usage_is_on(const struct vcpu *vcpu)
{
    return __atomic_load_n(&vcpu->usage.since, __ATOMIC_RELAXED) != VCPU_USAGE_NONE;
}

/* Ticks of the timebase since its creation, at host time `now`. Any hart; one that reads while the
 * vCPU loses its hart may miss the turn that ends. */
static inline uint64_t usage_read(const struct vcpu *vcpu, uint64_t now)
{
    uint64_t ticks = __atomic_load_n(&vcpu->usage.ticks, __ATOMIC_RELAXED);
    uint64_t since = __atomic_load_n(&vcpu->usage.since, __ATOMIC_RELAXED);

    return since < now ? ticks + now - since : ticks;
}

#endif
