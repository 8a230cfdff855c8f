// SPDX-License-Identifier: BSD-2-Clause
/*
 * What it costs that another vCPU of this machine takes the hart: run it with two or more vCPUs on
 * one hart, under `-icount shift=0`. All are busy; each stores the time again and again, and who
 * finds another's time there has just taken the hart. What lies between is the switch, from the
 * interrupt that ends a turn to the first instruction of the next, in instructions.
 */
#include "turns/turns.h"

#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"

#define SWITCHES      50
#define INSN_PER_TICK 100

struct turns turns = {.limit = SWITCHES};

void guest_main(void)
{
    uint64_t vcpus = 1;

    while (sbi_hart_start(vcpus, (uint64_t)turns_start, (uint64_t)&turns).error == SBI_SUCCESS)
        vcpus++;
    turns.end = clock_now() + 20 * CLOCK_HZ;
    turns_watch(0, &turns);
    if (turns.count)
        print_line("bench switch_%lu %lu", vcpus, turns.ticks * INSN_PER_TICK / turns.count);
    sbi_shutdown(SBI_SRST_NO_REASON);
}
