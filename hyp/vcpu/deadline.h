/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU's timer, in guest time and in host time. Guest time = host time + htimedelta, modulo
 * 2^64: Priv 21.2.7 (htimedelta).
 */
#ifndef VCPU_DEADLINE_H
#define VCPU_DEADLINE_H

#include "vcpu/vcpu.h"

#define DEADLINE_NONE UINT64_MAX

/* True where the guest's timer has expired at host time `now`. */
bool deadline_is_due(const struct vcpu *vcpu, uint64_t now);

/* The host time at which it expires: `now` where it has, DEADLINE_NONE where it will not. */
uint64_t deadline_host(const struct vcpu *vcpu, uint64_t now);

#endif
