/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ticket spin lock. Interrupts are off in the hypervisor, so a holder is never interrupted;
 * a lock is taken one function deep, never across vcpu_enter and never while taking another, but
 * for the pairs that DESIGN 5 names.
 *
 * Callers draw rising numbers and are served in that order, so no hart waits for ever while others
 * pass it. The numbers wrap; only their equality counts. In line, as each exit to a device takes
 * the lock of its bus.
 */
#ifndef LIB_LOCK_H
#define LIB_LOCK_H

#include "lib/assert.h"

#include <stdbool.h>
#include <stdint.h>

struct lock {
    uint32_t next;  /* the ticket that the next caller draws; atomic */
    uint32_t owner; /* the ticket that is served; atomic */
};

/* Waits until the lock is this hart's. Start state: all zero. */
static inline void lock_take(struct lock *lock)
{
    uint32_t ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

    /* Acquire: what the last holder wrote is seen from here on. */
    while (__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) != ticket)
        ;
}

/* True while any hart holds the lock: for assertions only. */
static inline bool lock_is_held(const struct lock *lock)
{
    uint32_t served = __atomic_load_n(&lock->owner, __ATOMIC_RELAXED);

    return __atomic_load_n(&lock->next, __ATOMIC_RELAXED) != served;
}

/* The caller holds the lock. */
static inline void lock_release(struct lock *lock)
{
    uint32_t served = __atomic_load_n(&lock->owner, __ATOMIC_RELAXED); /* the holder's to change */

    assert(__atomic_load_n(&lock->next, __ATOMIC_RELAXED) != served);
    /* Release: the next holder sees what was written under the lock. */
    __atomic_store_n(&lock->owner, served + 1, __ATOMIC_RELEASE);
}

#endif
