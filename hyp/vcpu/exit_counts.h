/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a vCPU's exits were for: a row each for what one cause can mean, filled in and named by
 * exit/exit_stats.c.
 */
#ifndef VCPU_EXIT_COUNTS_H
#define VCPU_EXIT_COUNTS_H

#include "riscv/cause.h"

#define EXIT_COUNTS_INTERRUPTS 16 /* by code; larger ones share the last */
#define EXIT_COUNTS_CALLS      16 /* by place in the SBI's index; unknown ones come after it */
#define EXIT_COUNTS_DEVICES    33 /* by place on the bus; no device: after the last */

struct exit_count {
    uint64_t count;
    uint64_t ticks; /* of the timebase, from the exit to the verdict */
};

struct exit_counts {
    struct exit_count exceptions[CAUSE_COUNT]; /* those that no other row has */
    struct exit_count interrupts[EXIT_COUNTS_INTERRUPTS];
    struct exit_count calls[EXIT_COUNTS_CALLS];
    struct exit_count loads[EXIT_COUNTS_DEVICES];
    struct exit_count stores[EXIT_COUNTS_DEVICES];
};

#endif
