/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes another hart look up: out of its guest, or out of its sleep.
 */
#ifndef VCPU_KICK_H
#define VCPU_KICK_H

#include "vcpu/vcpu.h"

/* An IPI to the hart, unless it is the caller's own. Everything stored before is seen there.
 * Hardware; the host tests link a fake. */
void kick_home(const struct vcpu_home *home);

/* The same, whichever hart it is: the caller's own is kicked as it enters a guest, or goes to
 * sleep. */
void kick_hart(const struct vcpu_home *home);

#endif
