// SPDX-License-Identifier: BSD-2-Clause
/*
 * Four harts at once: starting and stopping them, interrupts between them, remote fences, and
 * memory that they share. This file is the list of topics.
 */
#include "smp/smp.h"

void guest_main(void)
{
    tap_plan(HSM_CHECKS + IPI_CHECKS + FENCE_I_CHECKS + SFENCE_CHECKS + LOCK_CHECKS + STOP_CHECKS +
             SUSPEND_CHECKS);
    hsm_test();
    ipi_test();
    fence_i_test();
    sfence_test();
    lock_test();
    stop_test();
    suspend_test();
    tap_end();
}
