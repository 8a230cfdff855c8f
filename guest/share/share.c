// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a VM gets of a hart that others want too. Our boot arguments say what it does:
 *
 *     busy=MS     it wants the hart for MS milliseconds, and says how many of them it had; it is
 *                 busy for a while before and after, so that all who are measured compete
 *     wake=COUNT  it sleeps and wakes COUNT times, and says how late it was, in microseconds: the
 *                 99th percentile and the worst
 *     ask=COUNT   its first hart interrupts the second one COUNT times and waits until that knows,
 *                 both being busy; it says how long that took, in microseconds as above
 */
#include "lib/bootargs.h"
#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"
#include "riscv/csr.h"

#define MARGIN      CLOCK_MS(300)
#define LATE_MAX    100000 /* us; what is later counts as this */
#define NS_PER_TICK (1000000000UL / CLOCK_HZ)

/* SBI 16.1, table "STA Shared Memory Structure" */
static volatile struct {
    uint32_t sequence;
    uint32_t flags;
    uint64_t steal; /* ns */
    uint8_t rest[48];
} __attribute__((aligned(64))) told;

static uint32_t late[LATE_MAX + 1]; /* what was so many us late */

static volatile uint64_t asked_at; /* when the second hart was interrupted last */
static uint64_t answered;          /* how often it saw that */

static void be_busy_until(uint64_t time)
{
    while (clock_now() < time)
        continue;
}

static void be_busy(uint64_t ms)
{
    uint64_t begin, stolen, ticks;

    hart_ecall(SBI_EXT_STA, SBI_STA_SET_SHMEM, (uint64_t)&told, 0, 0);
    be_busy_until(MARGIN);
    begin = clock_now();
    stolen = told.steal;
    be_busy_until(MARGIN + CLOCK_MS(ms));
    ticks = clock_now() - begin;
    stolen = (told.steal - stolen) / NS_PER_TICK;
    print_line("share busy %lu", (ticks - stolen) * ms * 1000 / ticks);
    be_busy_until(2 * MARGIN + CLOCK_MS(ms));
}

/* 3 to 17 ms. */
static uint64_t random_ticks(void)
{
    static uint64_t seed = 1;

    seed = seed * 6364136223846793005UL + 1442695040888963407UL;
    return CLOCK_MS(3) + (seed >> 33) % CLOCK_MS(14);
}

static void count_late(uint64_t since)
{
    late[min_u64((clock_now() - since) / CLOCK_US(1), LATE_MAX)]++;
}

static void print_late(const char *what, uint64_t count)
{
    uint64_t us = 0, most = LATE_MAX, seen = late[0];

    while (us < LATE_MAX && seen * 100 < count * 99)
        seen += late[++us];
    while (most > 0 && !late[most])
        most--;
    print_line("share %s %lu %lu", what, us, most);
}

static void wake_often(uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        uint64_t deadline = clock_now() + random_ticks();

        clock_sleep(deadline - clock_now());
        count_late(deadline);
    }
    print_late("wake", count);
}

/* The second hart's job: to be busy, and look for interrupts all the time. */
static void answer(void)
{
    for (;;) {
        if (csr_read(sip) & SIP_SSIP) {
            count_late(asked_at);
            csr_clear(sip, SIP_SSIP);
            __atomic_add_fetch(&answered, 1, __ATOMIC_RELEASE);
        }
    }
}

static void ask_often(uint64_t count)
{
    if (!harts_start_others())
        sbi_shutdown(SBI_SRST_SYSTEM_FAILURE);
    harts_post(1, answer);
    be_busy_until(MARGIN);
    for (uint64_t i = 0; i < count; i++) {
        be_busy_until(clock_now() + random_ticks());
        asked_at = clock_now();
        sbi_send_ipi(BIT(1), 0);
        while (__atomic_load_n(&answered, __ATOMIC_ACQUIRE) == i)
            continue;
    }
    print_late("ask", count);
}

void guest_main(void)
{
    uint64_t busy = bootargs_number("busy", 0), wakes = bootargs_number("wake", 0);
    uint64_t asks = bootargs_number("ask", 0);

    if (wakes)
        wake_often(wakes);
    if (asks)
        ask_often(asks);
    if (busy)
        be_busy(busy);
    sbi_shutdown(SBI_SRST_NO_REASON);
}
