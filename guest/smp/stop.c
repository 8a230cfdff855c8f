// SPDX-License-Identifier: BSD-2-Clause
/*
 * Stopping harts and starting them again. SBI 9.2 (HART stop).
 */
#include "smp/smp.h"

#define ROUNDS 20

static void stop_self(void)
{
    csr_write(sie, 0);
    trap_interrupts_off();
    hart_ecall(SBI_EXT_HSM, SBI_HSM_HART_STOP, 0, 0, 0);
    /* It failed. The job ends, the status stays STARTED, the check sees it. */
}

static bool restart(uint64_t id, uint64_t round)
{
    uint64_t opaque = opaque_make(id, round), count = arrivals[id].count + 1;

    if (sbi_hart_start(id, (uint64_t)hart_start, opaque).error)
        return false;
    return arrival_is_good(id, count, opaque) && harts_wait(id);
}

void stop_test(void)
{
    unsigned stopped = 0, restarted = 0;

    for (uint64_t round = 1; round <= ROUNDS; round++) {
        FOR_OTHER_HARTS(id)
        {
            harts_post(id, stop_self);
            stopped += WAIT_FOR(sbi_hart_status(id).value == SBI_HSM_STOPPED);
            restarted += restart(id, round);
        }
    }
    tap_equal(stopped, ROUNDS * (SMP_HARTS - 1), "%d times each hart stops when it asks to",
              ROUNDS);
    tap_equal(restarted, ROUNDS * (SMP_HARTS - 1), "%d times it starts anew", ROUNDS);

    unsigned started = 0;

    FOR_OTHER_HARTS(id)
    {
        started += sbi_hart_status(id).value == SBI_HSM_STARTED;
    }
    tap_equal(started, SMP_HARTS - 1, "all are STARTED in the end");
}
