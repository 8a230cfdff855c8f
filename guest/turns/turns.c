// SPDX-License-Identifier: BSD-2-Clause
/*
 * What it costs that another vCPU of this machine takes the hart: run it with two or more vCPUs on
 * one hart, under `-icount shift=N`, N being told by our boot argument `shift`. All are busy; each
 * stores the time again and again, and who finds another's time there has just taken the hart. What
 * lies between is the switch, from the interrupt that ends a turn to the first instruction of the
 * next, in instructions. Counting begins when each has had two turns.
 */
#include "turns/turns.h"

#include "lib/bootargs.h"
#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"

#define SWITCHES    50
#define WARM_TURNS  2
#define NS_PER_TICK 100
#define INSN_LEAST  100 /* of a switch */

struct turns turns;

static void watch(uint64_t switches)
{
    turns.count = turns.ticks = 0;
    turns.limit = switches;
    turns_watch(0, &turns);
}

void guest_main(void)
{
    uint64_t vcpus = 1, shift = bootargs_number("shift", 0);

    while (sbi_hart_start(vcpus, (uint64_t)turns_start, (uint64_t)&turns).error == SBI_SUCCESS)
        vcpus++;
    turns.least = (INSN_LEAST << shift) / NS_PER_TICK;
    turns.end = clock_now() + 20 * CLOCK_HZ;
    watch(WARM_TURNS * vcpus);
    watch(SWITCHES);
    if (turns.count)
        print_line("bench switch_%lu %lu", vcpus,
                   (turns.ticks * NS_PER_TICK / turns.count) >> shift);
    sbi_shutdown(SBI_SRST_NO_REASON);
}
