// SPDX-License-Identifier: BSD-2-Clause
/*
 * Suspending harts until an IPI comes: keeping their state, or losing it and coming back through
 * an entry. SBI 9.4 (HART suspend).
 */
#include "smp/smp.h"

#define ROUNDS 10

static uint64_t suspend_type, suspend_address; /* what the job asks for */
static struct sbi_ret suspended[HARTS_MAX];    /* what it was answered */
static bool ipi_was_pending[HARTS_MAX];

/* An IPI ends the suspension, and is not taken: interrupts are off. */
static void suspend_self(void)
{
    uint64_t id = hart_self()->id;

    trap_interrupts_off();
    csr_clear(sip, SIP_SSIP); /* one that ended a non-retentive suspension is still there */
    csr_write(sie, SIP_SSIP);
    suspended[id] = sbi_hart_suspend(suspend_type, suspend_address, opaque_make(id, 99));
    ipi_was_pending[id] = csr_read(sip) & SIP_SSIP;
    csr_clear(sip, SIP_SSIP);
    csr_write(sie, 0);
}

/* Posts the job, sees the hart suspended, wakes it. False where it never was suspended. */
static bool suspend_and_wake(uint64_t id)
{
    harts_post(id, suspend_self);
    if (!WAIT_FOR(sbi_hart_status(id).value == SBI_HSM_SUSPENDED))
        return false;
    sbi_send_ipi(1, id);
    return true;
}

static void check_retentive(void)
{
    unsigned slept = 0, returned = 0, pending = 0;

    suspend_type = SBI_HSM_SUSPEND_RETENTIVE;
    for (unsigned round = 0; round < ROUNDS; round++) {
        FOR_OTHER_HARTS(id)
        {
            slept += suspend_and_wake(id);
            returned += harts_wait(id) && suspended[id].error == SBI_SUCCESS;
            pending += ipi_was_pending[id];
        }
    }
    tap_equal(slept, ROUNDS * (SMP_HARTS - 1), "a hart that suspends itself is SUSPENDED");
    tap_equal(returned, ROUNDS * (SMP_HARTS - 1), "an IPI ends a retentive suspension: it returns");
    tap_equal(pending, ROUNDS * (SMP_HARTS - 1), "the IPI is pending then");
}

static void check_non_retentive(void)
{
    unsigned slept = 0, arrived = 0, started = 0;

    suspend_type = SBI_HSM_SUSPEND_NON_RETENTIVE;
    suspend_address = (uint64_t)hart_start;
    for (unsigned round = 0; round < ROUNDS; round++) {
        FOR_OTHER_HARTS(id)
        {
            uint64_t count = arrivals[id].count + 1;

            slept += suspend_and_wake(id);
            arrived += arrival_is_good(id, count, opaque_make(id, 99)) && harts_wait(id);
            started += sbi_hart_status(id).value == SBI_HSM_STARTED;
        }
    }
    tap_equal(slept, ROUNDS * (SMP_HARTS - 1), "so is one that does not keep its state");
    tap_equal(arrived, ROUNDS * (SMP_HARTS - 1),
              "an IPI ends a non-retentive suspension: it comes back through the resume address");
    tap_equal(started, ROUNDS * (SMP_HARTS - 1), "and is STARTED");
}

static bool timer_came;

static void suspend_until_timer(void)
{
    uint64_t deadline = clock_now() + CLOCK_MS(2);
    struct sbi_ret ret;

    trap_interrupts_off();
    csr_write(sie, SIP_STIP);
    sbi_set_timer(deadline);
    ret = sbi_hart_suspend(SBI_HSM_SUSPEND_RETENTIVE, 0, 0);
    timer_came = ret.error == SBI_SUCCESS && clock_now() >= deadline;
    sbi_set_timer(CLOCK_NEVER);
    csr_write(sie, 0);
}

static void check_timer(void)
{
    unsigned came = 0;

    FOR_OTHER_HARTS(id)
    {
        came += harts_run_on(id, suspend_until_timer) && timer_came;
    }
    tap_equal(came, SMP_HARTS - 1, "so does the hart's own timer, not before its time");
}

static void check_refusals(void)
{
    uint64_t id = hart_self()->id == 0 ? 1 : 0;

    suspend_address = bad_start_address();
    harts_run_on(id, suspend_self);
    tap_equal(suspended[id].error, SBI_ERR_INVALID_ADDRESS,
              "resuming where no code can be is INVALID_ADDRESS");
    suspend_type = 1;
    harts_run_on(id, suspend_self);
    tap_equal(suspended[id].error, SBI_ERR_INVALID_PARAM,
              "a reserved type of suspension is INVALID_PARAM");
}

void suspend_test(void)
{
    check_retentive();
    check_timer();
    check_non_retentive();
    check_refusals();
}
