// SPDX-License-Identifier: BSD-2-Clause
/*
 * The VM beside the hostile ones: adds up its memory over and over, has a timer every 10 ms, and
 * ends when it reads a `q`. Its sums must be right, and nothing of it late: neither the timer nor
 * the next sum by more than late= of the boot arguments, in milliseconds.
 */
#include "hostile/hostile.h"

#include "lib/bootargs.h"

#define WORDS  8192
#define SEED   0x9e3779b97f4a7c15UL
#define SUM    0x53081af909475ab1UL /* of what next_random gives from SEED */
#define PERIOD CLOCK_MS(10)

static uint64_t memory[WORDS];
static volatile bool is_over;
static uint64_t deadline, ticks, worst_tick;

static uint64_t ms(uint64_t time)
{
    return time / CLOCK_MS(1);
}

/* A `q` on the console; it is looked for when the timer comes. */
static bool is_told_to_end(void)
{
    static uint8_t byte;

    return hart_ecall(SBI_EXT_DBCN, SBI_DBCN_READ, 1, (uint64_t)&byte, 0).value == 1 && byte == 'q';
}

static void handle(struct trap_frame *frame)
{
    uint64_t late = clock_now() - deadline;

    if (!expect(frame->scause == (CAUSE_INTERRUPT | INTERRUPT_STI), "a trap: cause %lu, stval %lx",
                frame->scause, frame->stval))
        tap_fail();
    ticks++;
    worst_tick = late > worst_tick ? late : worst_tick;
    is_over |= is_told_to_end();
    deadline = clock_now() + PERIOD;
    sbi_set_timer(deadline);
}

static uint64_t add_up(void)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < WORDS; i++)
        sum = (sum << 1 | sum >> 63) ^ ((volatile uint64_t *)memory)[i];
    return sum;
}

static void fill(void)
{
    uint64_t state = SEED;

    for (unsigned i = 0; i < WORDS; i++)
        memory[i] = next_random(&state);
}

void neighbour(void)
{
    uint64_t limit = CLOCK_MS(bootargs_number("late", 100));
    uint64_t rounds = 0, worst_round = 0, last;
    bool good = true;

    fill();
    trap_set_handler(handle);
    deadline = clock_now() + PERIOD;
    sbi_set_timer(deadline);
    csr_set(sie, SIP_STIP);
    trap_interrupts_on();
    for (last = clock_now(); !is_over; rounds++) {
        uint64_t sum = add_up(), now = clock_now();

        good &= expect(sum == SUM, "round %lu: the sum is %lx", rounds, sum);
        worst_round = now - last > worst_round ? now - last : worst_round;
        last = now;
    }
    trap_interrupts_off();
    good &= expect(worst_tick <= limit, "the timer was %lu ms late", ms(worst_tick));
    good &= expect(worst_round <= limit, "a round took %lu ms", ms(worst_round));
    print_line("%s: %lu rounds, %lu deadlines, at most %lu ms late, a round at most %lu ms",
               good ? "ok" : "not ok", rounds, ticks, ms(worst_tick), ms(worst_round));
    sbi_shutdown(SBI_SRST_NO_REASON);
}
