/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a vCPU that is not loaded waits for: an interrupt, its timer, a start, a device of its VM.
 */
#ifndef SCHED_WAITING_H
#define SCHED_WAITING_H

#include "vcpu/vcpu.h"

/* When it must be looked at again, in host time; DEADLINE_NONE for never. */
uint64_t waiting_until(const struct vcpu *vcpu, uint64_t now);

/* When a device of its VM wants the time, in host time. */
static inline uint64_t waiting_device(const struct vcpu *vcpu)
{
    return __atomic_load_n(&vcpu->device_deadline, __ATOMIC_RELAXED);
}

/* Takes in what others sent. True where the vCPU can run, given the `requests` that it just served:
 * a wait or a suspension is over then. */
bool waiting_is_over(struct vcpu *vcpu, uint64_t requests, uint64_t now);

#endif
