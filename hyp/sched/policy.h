/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a scheduling policy is: where vCPUs stand in the order of turns. Each has a virtual time,
 * which goes on at a pace of its own while it has its turn; the least is next, and of equal ones
 * who came first. The policy chooses both when a vCPU comes, and answers some questions. Everything
 * else (queues, slices, blocking, caps, moving) is the mechanism's, sched/queue.c. A policy is
 * pure; sched/round_robin.c is the smallest.
 */
#ifndef SCHED_POLICY_H
#define SCHED_POLICY_H

#include "lib/bits.h"
#include "lib/heap.h"
#include "vcpu/vcpu.h"

#define POLICY_TICKS_MAX BIT(38) /* of one turn: alone on its hart more makes no difference */

/* Those that wait for one hart. Touched by that hart alone. */
struct policy_queue {
    struct heap heap; /* by virtual time: the first is next */
    uint64_t slice;   /* host ticks that a turn lasts while others wait */
    uint64_t clock;   /* the least virtual time of those that run or wait; it never goes back */
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
    POLICY_FREED,   /* its VM's cap held it back */
    POLICY_ARRIVED, /* it comes from another hart's queue, which it left by `leave` */
};

struct policy {
    const char *name;
    /* It was away, and will wait: chooses its virtual time, and the pace of that. One whose turn is
     * over keeps both. */
    void (*place)(struct policy_queue *queue, struct vcpu_turn *turn, enum policy_why why);
    /* It was removed, and will wait in another hart's queue. */
    void (*leave)(struct policy_queue *queue, struct vcpu_turn *turn);
    /* Others wait for `turn`, which waits: true where it is fair that it is the first. */
    bool (*hurry)(const struct policy_queue *queue, const struct vcpu_turn *turn);
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

/* Virtual times wrap; what is compared lies close together. */
static inline bool policy_is_before(uint64_t a, uint64_t b)
{
    return (int64_t)(a - b) < 0;
}

/* What `ticks` of host time are in the virtual time of that vCPU. */
static inline uint64_t policy_virtual(const struct vcpu_turn *turn, uint64_t ticks)
{
    return min_u64(ticks, POLICY_TICKS_MAX) * turn->pace;
}

/* The vCPU whose turn it is, which does not wait, had `ticks` of host time. */
static inline void policy_charge(struct vcpu_turn *running, uint64_t ticks)
{
    running->virtual_time += policy_virtual(running, ticks);
}

/* It waits from now on, where its virtual time puts it. */
static inline void policy_add(struct policy_queue *queue, struct vcpu_turn *turn)
{
    heap_insert(&queue->heap, &turn->node, turn->virtual_time);
}

/* The queue's clock is at `time` at least. */
static inline void policy_set_clock(struct policy_queue *queue, uint64_t time)
{
    if (policy_is_before(queue->clock, time))
        queue->clock = time;
}

/* Brings the clock up to date while it is the turn of `running`. While the same ones take turns
 * that can wait; not where somebody comes or leaves. */
static inline void policy_settle(struct policy_queue *queue, const struct vcpu_turn *running)
{
    const struct vcpu_turn *next = policy_first(queue);
    uint64_t time = running->virtual_time;

    policy_set_clock(queue, next && policy_is_before(next->node.key, time) ? next->node.key : time);
}

/* The same while it is nobody's turn: all that could run wait. */
static inline void policy_settle_waiting(struct policy_queue *queue)
{
    const struct vcpu_turn *next = policy_first(queue);

    if (next)
        policy_set_clock(queue, next->node.key);
}

/* Somebody waits: who is next waits no more, as its turn begins, or it is held back. */
static inline struct vcpu_turn *policy_take(struct policy_queue *queue)
{
    return ELEMENT_OF(heap_take(&queue->heap), struct vcpu_turn, node);
}

/* It waits no more, as it moves. */
static inline void policy_remove(struct policy_queue *queue, struct vcpu_turn *turn)
{
    heap_remove(&queue->heap, &turn->node);
}

/* It, which waits, is next. Its turn begins, or it is held back, before anybody is added. */
static inline void policy_put_first(struct policy_queue *queue, struct vcpu_turn *turn)
{
    uint64_t key = policy_first(queue)->node.key - 1;

    heap_remove(&queue->heap, &turn->node);
    heap_insert(&queue->heap, &turn->node, key);
}

/* The policy of that name, which need not end in NUL; NULL where there is none. */
const struct policy *policy_find(const char *name, size_t length);

#endif
