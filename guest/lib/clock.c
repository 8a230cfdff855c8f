// SPDX-License-Identifier: BSD-2-Clause
/*
 * Waiting by the hart's timer, set through SBI: works with and without Sstc.
 */
#include "lib/clock.h"

#include "lib/sbi_call.h"
#include "lib/trap.h"
#include "riscv/csr.h"

#define NAP CLOCK_US(100)

uint64_t clock_patience = 20 * CLOCK_HZ;

static void nap_until(uint64_t deadline)
{
    bool were_on = trap_interrupts_off();
    uint64_t timer_was_enabled = csr_read(sie) & SIP_STIP;

    sbi_set_timer(deadline);
    csr_set(sie, SIP_STIP);
    hart_wfi(); /* ends for a pending interrupt though sstatus.SIE is 0: Priv 3.3.3 (Wait for
                   Interrupt) */
    csr_clear(sie, SIP_STIP);
    sbi_set_timer(CLOCK_NEVER);
    csr_set(sie, timer_was_enabled);
    trap_interrupts_restore(were_on);
}

void clock_nap(void)
{
    nap_until(clock_now() + NAP);
}

void clock_sleep(uint64_t ticks)
{
    uint64_t end = clock_now() + ticks;

    while (clock_now() < end)
        nap_until(end);
}
