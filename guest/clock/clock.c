// SPDX-License-Identifier: BSD-2-Clause
/*
 * The timer of one hart: ten interrupts 10 ms apart, waited for by WFI, and the clock that they
 * are measured with. SBI 6 (TIME), Priv 12.1.3 (sip and sie).
 */
#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"
#include "riscv/cause.h"
#include "riscv/csr.h"

#define TICKS  10
#define PERIOD CLOCK_MS(10)
#define READS  100000

static unsigned interrupts;     /* timer interrupts taken */
static unsigned other_traps;    /* anything else */
static uint64_t interrupted_at; /* the time at the last one */

static void on_trap(struct trap_frame *frame)
{
    interrupted_at = clock_now();
    if (frame->scause == (CAUSE_INTERRUPT | INTERRUPT_STI))
        interrupts++;
    else
        other_traps++;
    sbi_set_timer(CLOCK_NEVER);
}

/* Sleeps until a trap was taken; if none comes, the time limit of the test ends it. WFI stands
 * where interrupts are off, or one could slip in between the look and the sleep. */
static bool wait_interrupt(unsigned wanted)
{
    while (interrupts + other_traps < wanted) {
        hart_wfi();
        trap_interrupts_on();
        trap_interrupts_off();
    }
    return interrupts == wanted;
}

static void check_clock(void)
{
    uint64_t before = clock_now(), first = before;
    unsigned backwards = 0;

    for (unsigned i = 0; i < READS; i++) {
        uint64_t now = clock_now();

        backwards += now < before;
        before = now;
    }
    tap_equal(backwards, 0, "time never goes backwards in %d reads", READS);
    tap_ok(before > first, "time advances");
}

static void check_ticks(void)
{
    unsigned in_time = 0, early = 0;
    uint64_t deadline = clock_now();

    for (unsigned n = 1; n <= TICKS; n++) {
        deadline += PERIOD;
        sbi_set_timer(deadline);
        in_time += wait_interrupt(n);
        early += interrupted_at < deadline;
        print_line("tick %u", n);
    }
    tap_equal(in_time, TICKS, "each timer that is set interrupts once");
    tap_equal(early, 0, "no tick comes before its time");
}

static void check_silence(void)
{
    unsigned before = interrupts;
    uint64_t end = clock_now() + 2 * PERIOD;

    trap_interrupts_on();
    while (clock_now() < end)
        ;
    trap_interrupts_off();
    tap_equal(interrupts, before, "a timer set to never stays silent");
    tap_equal(other_traps, 0, "no other trap was taken");
}

void guest_main(void)
{
    tap_plan(6);
    trap_set_handler(on_trap);
    check_clock();
    csr_set(sie, SIP_STIP);
    check_ticks();
    check_silence();
    tap_end();
}
