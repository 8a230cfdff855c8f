/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The time that a vCPU had a hart: counted when it is loaded and saved, so an exit costs nothing.
 * What we do for it between its entries is in it, and the hart's own sleep in its WFI.
 *
 * It is one word: ticks of the timebase; while the vCPU has a hart, the host time at which it would
 * have begun if it had always had one, as a negative number.
 */
#ifndef VCPU_USAGE_H
#define VCPU_USAGE_H

#include "lib/word.h"
#include "vcpu/vcpu.h"

/* It takes its hart, and loses it, at host time `now`, before which it had less than `now` ticks.
 * On that hart. */
static inline void usage_begin(struct vcpu *vcpu, uint64_t now)
{
    word_store_u64(&vcpu->usage, vcpu->usage - now);
}

static inline void usage_end(struct vcpu *vcpu, uint64_t now)
{
    word_store_u64(&vcpu->usage, vcpu->usage + now);
}

/* True while it has a hart: it is loaded. Any hart. */
static inline bool usage_is_on(const struct vcpu *vcpu)
{
    return (int64_t)__atomic_load_n(&vcpu->usage, __ATOMIC_RELAXED) < 0;
}

/* Ticks since its creation, at host time `now`. Any hart; one whose `now` is from before the vCPU
 * took its hart sees a little less. */
static inline uint64_t usage_read(const struct vcpu *vcpu, uint64_t now)
{
    int64_t usage = (int64_t)__atomic_load_n(&vcpu->usage, __ATOMIC_RELAXED);

    if (usage < 0)
        usage += (int64_t)now;
    return usage < 0 ? 0 : (uint64_t)usage;
}

#endif
