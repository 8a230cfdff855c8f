/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An interrupt of the host took the hart from the guest. What it means for timers and queues is
 * the scheduler's business, so the answer is always EXIT_YIELD.
 */
#include "exit/exit.h"
#include "platform.h"

enum exit_verdict exit_interrupt(struct vcpu *vcpu, struct trap *trap)
{
    (void)vcpu;
    (void)trap;
    platform_interrupts();
    return EXIT_YIELD;
}
