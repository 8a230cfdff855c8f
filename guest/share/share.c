// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a VM gets of a hart that others want too. Our boot arguments say what it does:
 *
 *     busy=MS     it wants the hart for MS milliseconds, and says how many of them it had; it is
 *                 busy for a while before and after, so that all who are measured compete
 *     wake=COUNT  it sleeps and wakes COUNT times, and says how late it was, in microseconds: the
 *                 99th percentile and the worst
 */
#include "lib/bootargs.h"
#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"

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

static uint32_t late[LATE_MAX + 1]; /* wake-ups that were so many us late */

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

static void wake_often(uint64_t count)
{
    uint64_t seed = 1, seen = 0, us = 0, most = 0;

    for (uint64_t i = 0; i < count; i++) {
        seed = seed * 6364136223846793005UL + 1442695040888963407UL;
        uint64_t deadline = clock_now() + CLOCK_MS(3) + (seed >> 33) % CLOCK_MS(14);

        clock_sleep(deadline - clock_now());
        us = min_u64((clock_now() - deadline) / CLOCK_US(1), LATE_MAX);
        late[us]++;
        most = max_u64(most, us);
    }
    for (us = 0; us < LATE_MAX && (seen += late[us]) * 100 < count * 99; us++)
        continue;
    print_line("share wake %lu %lu", us, most);
}

void guest_main(void)
{
    uint64_t busy = bootargs_number("busy", 0), wakes = bootargs_number("wake", 0);

    if (wakes)
        wake_often(wakes);
    if (busy)
        be_busy(busy);
    sbi_shutdown(SBI_SRST_NO_REASON);
}
