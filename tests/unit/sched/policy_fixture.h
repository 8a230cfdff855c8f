/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A policy alone on one hart, or on several: turns of vCPUs that a test invents, in a time of its
 * own. The loop is what sched/queue.c does, without vCPUs.
 */
#ifndef POLICY_FIXTURE_H
#define POLICY_FIXTURE_H

#include "sched/policy.h"

#include "lib/bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SLICE     10000UL
#define TURNS_MAX 256

struct policy_hart {
    struct policy_queue queue;
    struct vcpu_turn *running;
};

static const struct policy *policy;
static struct vcpu_turn turns[TURNS_MAX];
static uint64_t had[TURNS_MAX]; /* ticks of the hart */
static bool is_ready[TURNS_MAX];

static inline void policy_reset(const struct policy *of, struct policy_hart *hart)
{
    policy = of;
    memset(turns, 0, sizeof(turns));
    memset(had, 0, sizeof(had));
    memset(is_ready, 0, sizeof(is_ready));
    for (unsigned i = 0; i < TURNS_MAX; i++)
        turns[i].weight = 100;
    *hart = (struct policy_hart){.queue.slice = SLICE};
}

static inline unsigned index_of(const struct vcpu_turn *turn)
{
    return (unsigned)(turn - turns);
}

static inline void settle(struct policy_hart *hart)
{
    if (hart->running)
        policy_settle(&hart->queue, hart->running);
}

static inline void add(struct policy_hart *hart, unsigned i, enum policy_why why)
{
    is_ready[i] = true;
    settle(hart);
    policy->place(&hart->queue, &turns[i], why);
    policy_add(&hart->queue, &turns[i]);
}

/* The running one goes back, and whoever is next takes the hart: NULL if nobody waits. */
static inline struct vcpu_turn *turn_over(struct policy_hart *hart)
{
    if (hart->running) {
        policy_add(&hart->queue, hart->running);
        policy_settle_waiting(&hart->queue);
    }
    hart->running = policy_first(&hart->queue) ? policy_take(&hart->queue) : NULL;
    return hart->running;
}

/* The running one passes its turn to one that waits, if the policy lets it. */
static inline bool pass_to(struct policy_hart *hart, unsigned i)
{
    struct vcpu_turn *passes = hart->running;

    settle(hart);
    if (!policy->hurry(&hart->queue, &turns[i]))
        return false;
    policy_put_first(&hart->queue, &turns[i]);
    hart->running = NULL;
    turn_over(hart);
    if (passes)
        policy_add(&hart->queue, passes);
    return true;
}

/* Whose turn it is has the hart for that long. */
static inline void pass_time(struct policy_hart *hart, uint64_t ticks)
{
    if (!hart->running)
        return;
    had[index_of(hart->running)] += ticks;
    policy_charge(hart->running, ticks);
}

/* It wants the hart no more, whether it has it or waits. */
static inline void block(struct policy_hart *hart, unsigned i)
{
    is_ready[i] = false;
    settle(hart);
    if (hart->running == &turns[i])
        hart->running = NULL;
    else
        policy_remove(&hart->queue, &turns[i]);
}

#endif
