// SPDX-License-Identifier: BSD-2-Clause
/*
 * Memory that all harts change at once: atomic additions, and a lock made of LR and SC.
 */
#include "smp/smp.h"

#define ROUNDS 10000

static uint64_t added;        /* by amoadd */
static uint64_t lock;         /* 1: held */
static uint64_t guarded;      /* lock must be held */
static uint64_t late, missed; /* harts that gave up, SCs that failed */

static void add(void)
{
    for (unsigned i = 0; i < ROUNDS; i++)
        __asm__ volatile("amoadd.d zero, %1, %0" : "+A"(added) : "r"(1UL) : "memory");
}

/* One attempt: 0 where the lock is ours now, 1 where it is held, 2 where SC failed. */
static unsigned lock_try(void)
{
    uint64_t held, failed = 0;

    __asm__ volatile("   lr.d.aq %0, %2\n"
                     "   bnez    %0, 1f\n"
                     "   sc.d    %1, %3, %2\n"
                     "1:"
                     : "=&r"(held), "+r"(failed), "+A"(lock)
                     : "r"(1UL)
                     : "memory");
    if (failed)
        __atomic_fetch_add(&missed, 1, __ATOMIC_RELAXED);
    return held ? 1 : failed ? 2 : 0;
}

static void add_with_lock(void)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (!WAIT_FOR(lock_try() == 0)) {
            __atomic_fetch_add(&late, 1, __ATOMIC_RELAXED);
            return;
        }
        guarded++;
        __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
    }
}

void lock_test(void)
{
    harts_run(add);
    tap_equal(added, SMP_HARTS * ROUNDS, "four harts add %d each with amoadd", ROUNDS);
    harts_run(add_with_lock);
    tap_equal(guarded, SMP_HARTS * ROUNDS, "and %d each under a lock of LR and SC", ROUNDS);
    if (!tap_equal(late, 0, "no hart waited too long for the lock"))
        tap_diag("%lu SC instructions failed", missed);
}
