// SPDX-License-Identifier: BSD-2-Clause
/*
 * Setting the timer, seen through sip with all interrupts off. SBI 6.1 (Set Timer): a time in the
 * future clears the pending bit "regardless of whether timer interrupts are enabled or not".
 */
#include "sbi/topics.h"

#define A_WHILE CLOCK_MS(2)

static bool is_pending(void)
{
    return csr_read(sip) & SIP_STIP;
}

static bool set(uint64_t time)
{
    return sbi_set_timer(time).error == SBI_SUCCESS;
}

/* Looks for a while, without the timer: until the bit is as wanted. */
static bool becomes(bool wanted)
{
    uint64_t end = clock_now() + CLOCK_HZ;

    while (is_pending() != wanted && clock_now() < end)
        ;
    return is_pending() == wanted;
}

void time_test(void)
{
    csr_write(sie, 0);
    tap_ok(set(clock_now()) && becomes(true), "a timer set to now is pending");
    tap_ok(set(CLOCK_NEVER) && becomes(false), "set to -1 it is not");
    tap_ok(set(0) && becomes(true), "set to 0 it is");
    tap_ok(set(clock_now() + 1000 * CLOCK_HZ) && becomes(false),
           "a time in the future clears it, though the interrupt is masked");

    uint64_t deadline = clock_now() + A_WHILE;
    bool early = false;

    set(deadline);
    for (;;) {
        bool pending = is_pending();

        if (clock_now() >= deadline)
            break;
        early |= pending;
    }
    tap_ok(!early && becomes(true), "it is pending from its time on, not before");
    set(CLOCK_NEVER);
}
