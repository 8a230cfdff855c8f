/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every order of atomic steps. A test includes this header, then the C file under test: each of
 * its atomic operations gets a pause in front. Agents are coroutines; interleave_all runs them
 * from the same start in every schedule of their steps, one schedule after the other.
 */
#ifndef INTERLEAVE_H
#define INTERLEAVE_H

#include "lib/word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>

#include <cmocka.h>

#define INTERLEAVE_AGENTS 3
#define INTERLEAVE_DEPTH  96
#define INTERLEAVE_STACK  65536

struct interleave_agent {
    void (*act)(void);
    ucontext_t context;
    bool is_done;
    bool is_waiting;  /* in a loop that waits for others */
    bool is_spinning; /* there, and nobody took a step since the last round */
    unsigned half_rounds, others_seen, others;
};

static struct {
    struct interleave_agent agents[INTERLEAVE_AGENTS];
    unsigned count, current;
    bool is_running;
    ucontext_t scheduler;
    /* Which of the agents that can go, goes; of how many. */
    unsigned choices[INTERLEAVE_DEPTH], options[INTERLEAVE_DEPTH];
} interleave;

static uint8_t interleave_stacks[INTERLEAVE_AGENTS][INTERLEAVE_STACK] __attribute__((aligned(16)));

/* The pause. Outside of a schedule it is none. In a loop that waits, of two steps a round, a round
 * that saw nothing new is not repeated before somebody else moved. */
static inline void interleave_step(void)
{
    struct interleave_agent *agent = &interleave.agents[interleave.current];

    if (!interleave.is_running)
        return;
    if (agent->is_waiting && agent->half_rounds++ % 2 == 0) {
        agent->is_spinning = agent->half_rounds > 1 && agent->others == agent->others_seen;
        agent->others_seen = agent->others;
    }
    swapcontext(&agent->context, &interleave.scheduler);
}

/* The agent that runs begins, or ends, a loop that waits. */
static inline void interleave_set_waiting(bool is_waiting)
{
    interleave.agents[interleave.current].is_waiting = is_waiting;
}

static inline void interleave_main(void)
{
    struct interleave_agent *agent = &interleave.agents[interleave.current];

    agent->act();
    agent->is_done = true;
    swapcontext(&agent->context, &interleave.scheduler);
}

static inline void interleave_go(unsigned index)
{
    interleave.current = index;
    interleave.is_running = true;
    swapcontext(&interleave.scheduler, &interleave.agents[index].context);
    interleave.is_running = false;
    for (unsigned i = 0; i < interleave.count; i++) {
        if (i != index) {
            interleave.agents[i].others++;
            interleave.agents[i].is_spinning = false;
        }
    }
}

/* An agent as far as its first atomic operation: so far nobody can see it. */
static inline void interleave_begin(unsigned index)
{
    struct interleave_agent *agent = &interleave.agents[index];

    *agent = (struct interleave_agent){.act = agent->act};
    getcontext(&agent->context);
    agent->context.uc_stack.ss_sp = interleave_stacks[index];
    agent->context.uc_stack.ss_size = INTERLEAVE_STACK;
    makecontext(&agent->context, interleave_main, 0);
    interleave_go(index);
}

/* The n-th agent that can go, or INTERLEAVE_AGENTS. */
static inline unsigned interleave_find(unsigned n)
{
    for (unsigned i = 0; i < interleave.count; i++) {
        if (!interleave.agents[i].is_done && !interleave.agents[i].is_spinning && n-- == 0)
            return i;
    }
    return INTERLEAVE_AGENTS;
}

/* One schedule; returns the number of its steps. */
static inline unsigned interleave_once(void)
{
    unsigned depth;

    for (unsigned i = 0; i < interleave.count; i++)
        interleave_begin(i);
    for (depth = 0; interleave_find(0) != INTERLEAVE_AGENTS; depth++) {
        unsigned *options = &interleave.options[depth];

        assert_true(depth < INTERLEAVE_DEPTH);
        for (*options = 1; interleave_find(*options) != INTERLEAVE_AGENTS;)
            ++*options;
        interleave_go(interleave_find(interleave.choices[depth]));
    }
    for (unsigned i = 0; i < interleave.count; i++)
        assert_true(interleave.agents[i].is_done); /* else all wait for each other */
    return depth;
}

/* Runs the agents in each order, `prepare` before and `check` after it. Returns how many orders
 * there are. */
static inline unsigned long interleave_all(void (*const acts[])(void), unsigned count,
                                           void (*prepare)(void), void (*check)(void))
{
    unsigned long schedules = 0;
    unsigned depth;

    memset(&interleave, 0, sizeof(interleave));
    interleave.count = count;
    for (unsigned i = 0; i < count; i++)
        interleave.agents[i].act = acts[i];
    do {
        prepare();
        depth = interleave_once();
        check();
        schedules++;
        while (depth > 0 && interleave.choices[depth - 1] + 1 == interleave.options[depth - 1])
            interleave.choices[--depth] = 0;
        if (depth > 0)
            interleave.choices[depth - 1]++;
    } while (depth > 0);
    return schedules;
}

#define __atomic_load_n(place, order) (interleave_step(), __atomic_load_n(place, order))
#define __atomic_store_n(place, value, order)                                                      \
    (interleave_step(), __atomic_store_n(place, value, order))
#define word_load_u32(place)         (interleave_step(), word_load_u32(place))
#define word_load_u64(place)         (interleave_step(), word_load_u64(place))
#define word_store_u32(place, value) (interleave_step(), word_store_u32(place, value))
#define word_store_u64(place, value) (interleave_step(), word_store_u64(place, value))
#define __atomic_fetch_or(place, bits, order)                                                      \
    (interleave_step(), __atomic_fetch_or(place, bits, order))
#define __atomic_fetch_and(place, bits, order)                                                     \
    (interleave_step(), __atomic_fetch_and(place, bits, order))
#define __atomic_exchange_n(place, value, order)                                                   \
    (interleave_step(), __atomic_exchange_n(place, value, order))
#define __atomic_compare_exchange_n(place, old, value, weak, order, other)                         \
    (interleave_step(), __atomic_compare_exchange_n(place, old, value, weak, order, other))

#endif
