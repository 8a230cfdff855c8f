/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time: 10 million ticks a second on QEMU's virt board and in our VMs. Waiting never lasts for
 * ever and gives the hart away between looks.
 */
#ifndef LIB_CLOCK_H
#define LIB_CLOCK_H

#include "lib/bits.h"
#include "riscv/hart.h"

#define CLOCK_HZ    10000000UL
#define CLOCK_US(n) ((n) * (CLOCK_HZ / 1000000))
#define CLOCK_MS(n) ((n) * (CLOCK_HZ / 1000))
#define CLOCK_NEVER UINT64_MAX

/* How long a wait for another hart or a device may last; short once one was in vain. */
extern uint64_t clock_patience;

static inline uint64_t clock_now(void)
{
    return csr_read(time);
}

/* Waits for an interrupt that sie enables, or a short while. The hart's timer is used for it and
 * is off afterwards; interrupts that came are taken on return, where they are on. */
void clock_nap(void);

/* Lets that many ticks pass. */
void clock_sleep(uint64_t ticks);

/* True once `condition` holds, false if it does not in the time of clock_patience. */
#define WAIT_FOR(condition)                                                                        \
    ({                                                                                             \
        uint64_t wait_end_ = clock_now() + clock_patience;                                         \
        unsigned wait_looks_ = 0;                                                                  \
        bool wait_is_over_ = (condition);                                                          \
        while (!wait_is_over_ && clock_now() < wait_end_) {                                        \
            if (++wait_looks_ > 100)                                                               \
                clock_nap();                                                                       \
            wait_is_over_ = (condition);                                                           \
        }                                                                                          \
        if (!wait_is_over_)                                                                        \
            clock_patience = CLOCK_MS(100);                                                        \
        wait_is_over_;                                                                             \
    })

#endif
