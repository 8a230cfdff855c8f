/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ticket lock: callers draw rising numbers and are served in that order, so no hart waits
 * for ever while others pass it. The numbers wrap; only their equality counts.
 */
#include "lib/lock.h"

#include "lib/assert.h"

void lock_take(struct lock *lock)
{
    uint32_t ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

    /* Acquire: what the last holder wrote is seen from here on. */
    while (__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) != ticket)
        ;
}

void lock_release(struct lock *lock)
{
    assert(lock_is_held(lock));
    /* Only the holder writes owner, so reading it needs no order. Release: the next holder sees
     * what was written under the lock. */
    uint32_t served = __atomic_load_n(&lock->owner, __ATOMIC_RELAXED);
    __atomic_store_n(&lock->owner, served + 1, __ATOMIC_RELEASE);
}

bool lock_is_held(const struct lock *lock)
{
    uint32_t served = __atomic_load_n(&lock->owner, __ATOMIC_RELAXED);

    return __atomic_load_n(&lock->next, __ATOMIC_RELAXED) != served;
}
