/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a hart sets its timer to.
 */
#ifndef SCHED_TICK_H
#define SCHED_TICK_H

#include "sched/hart.h"

/* Sets the timer to what comes first after host time `now`: the end of `vcpu`'s slice, its guest's
 * timer where the hart cannot do that itself and it is not due at `now`, a sleeper's deadline.
 * `vcpu` may be NULL. On the hart itself. */
void tick_arm(struct hart *hart, const struct vcpu *vcpu, uint64_t now);

#endif
