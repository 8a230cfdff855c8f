/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arithmetic of htimedelta, which wraps. Reads csrs.vstimecmp: current while the vCPU is not
 * loaded, and always without Sstc.
 */
#include "vcpu/deadline.h"

bool deadline_is_due(const struct vcpu *vcpu, uint64_t now)
{
    return now + vcpu->csrs.htimedelta >= vcpu->csrs.vstimecmp;
}

uint64_t deadline_host(const struct vcpu *vcpu, uint64_t now)
{
    uint64_t left;

    if (deadline_is_due(vcpu, now))
        return now;
    left = vcpu->csrs.vstimecmp - (now + vcpu->csrs.htimedelta);
    return left > DEADLINE_NONE - now ? DEADLINE_NONE : now + left;
}
