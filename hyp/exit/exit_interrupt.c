/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An interrupt of the host took the hart from the guest. What it means for timers and queues is
 * the scheduler's business, so the verdict is always EXIT_YIELD (exit_take).
 */
#include "exit/exit.h"
#include "platform.h"

void exit_interrupt(struct vcpu *vcpu, struct trap *trap)
{
    (void)vcpu;
    (void)trap;
    platform_interrupts();
}
