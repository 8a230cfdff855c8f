/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How vCPUs fall asleep and wake. Used by queue.c, on the hart itself.
 */
#ifndef SCHED_SLEEP_H
#define SCHED_SLEEP_H

#include "sched/hart.h"

/* Decides what becomes of a vCPU that is in no queue and not loaded: it sleeps, is ready at once,
 * or has left for good; then its VM may be gone. */
void sleep_settle(struct hart *hart, struct vcpu *vcpu);

/* Takes in whom others woke, and who comes from another hart. */
void sleep_read_mail(struct hart *hart);

static inline bool sleep_is_due(const struct hart *hart, uint64_t now)
{
    const struct heap_node *first = heap_first(&hart->sleepers);

    return first && first->key <= now;
}

/* Wakes those whose time has come at `now`. */
void sleep_end_due(struct hart *hart, uint64_t now);

#endif
