/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a scheduling policy is: it puts the vCPUs that could run and wait for their hart in order,
 * by keys of a heap, and is told what time each had. Everything else (slices, blocking, caps,
 * moving) is the mechanism's, sched/queue.c. A policy is pure; sched/round_robin.c is the smallest.
 */
#ifndef SCHED_POLICY_H
#define SCHED_POLICY_H

#include "lib/heap.h"
#include "vcpu/vcpu.h"

/* Those that wait for one hart. Touched by that hart alone. */
struct policy_queue {
    struct heap heap; /* the first is next */
    uint64_t slice;   /* host ticks that a turn lasts while others wait */
    uint64_t clock;   /* the policy's */
    uint64_t offset;  /* the policy's */
};

/* How far a hart is, for the others: what it said at host time `since`. Read by any hart. */
struct policy_pace {
    uint64_t clock;  /* on a clock of all harts */
    uint64_t since;  /* host time */
    uint64_t weight; /* of all that run or wait there */
};

enum policy_why {
    POLICY_WOKEN,   /* it was blocked, or is new */
    POLICY_OVER,    /* its turn ended, and it could go on */
    POLICY_FREED,   /* its VM's cap held it back */
    POLICY_ARRIVED, /* it comes from another hart's queue, which it left by `leave` */
};

struct policy {
    const char *name;
    /* From now on it waits: inserts it. */
    void (*add)(struct policy_queue *queue, struct vcpu_turn *turn, enum policy_why why);
    /* It was removed, and will wait in another hart's queue. */
    void (*leave)(struct policy_queue *queue, struct vcpu_turn *turn);
    /* The vCPU whose turn it is, which does not wait, had `ticks` of host time. */
    void (*charge)(struct policy_queue *queue, struct vcpu_turn *running, uint64_t ticks);
    /* Others wait for `turn`, which waits: makes it the first, if that is fair, and says whether it
     * is. Its turn begins, or it is held back, before anything else is asked of the policy. */
    bool (*hurry)(struct policy_queue *queue, struct vcpu_turn *turn);
    /* True where the turn of `running` ends because `woken` was added. */
    bool (*preempts)(const struct vcpu_turn *woken, const struct vcpu_turn *running);
    /* True where at host time `now` the other hart is so far ahead of this one that `turn`, which
     * waits here, should move there. */
    bool (*is_ahead)(const struct policy_queue *queue, const struct policy_pace *there,
                     const struct vcpu_turn *turn, uint64_t now);
};

extern const struct policy fair_policy, round_robin_policy;

/* Who waits and is next; NULL where nobody waits. It stays in the queue. */
static inline struct vcpu_turn *policy_first(const struct policy_queue *queue)
{
    struct heap_node *node = heap_first(&queue->heap);

    return node ? ELEMENT_OF(node, struct vcpu_turn, node) : NULL;
}

/* It waits no more: its turn begins, or it is held back, or moves. */
static inline void policy_remove(struct policy_queue *queue, struct vcpu_turn *turn)
{
    heap_remove(&queue->heap, &turn->node);
}

/* The policy of that name, which need not end in NUL; NULL where there is none. */
const struct policy *policy_find(const char *name, size_t length);

#endif
