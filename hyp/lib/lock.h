/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ticket spin lock. Interrupts are off in the hypervisor, so a holder is never interrupted;
 * a lock is taken one function deep, never across vcpu_enter and never while taking another, but
 * for the two pairs that DESIGN 5 names.
 */
#ifndef LIB_LOCK_H
#define LIB_LOCK_H

#include <stdbool.h>
#include <stdint.h>

struct lock {
    uint32_t next;  /* the ticket that the next caller draws; atomic */
    uint32_t owner; /* the ticket that is served; atomic */
};

/* Waits until the lock is this hart's. Start state: all zero. */
void lock_take(struct lock *lock);

/* The caller holds the lock. */
void lock_release(struct lock *lock);

/* True while any hart holds the lock: for assertions only. */
bool lock_is_held(const struct lock *lock);

#endif
