/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rdtime: it never goes back, neither on one CPU nor from one to another, and runs at the rate that
 * Linux was told. What rdcycle and rdinstret do from user space: topic `instruction`.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

#include "duplicate.h"

#define READS        100000
#define TURNS        500
#define MOST_THREADS 4

static atomic_uint turn, bad;
static _Atomic uint64_t last;
static unsigned threads;

static void *reader(void *argument)
{
    unsigned own = (unsigned)(uintptr_t)argument;
    uint64_t before = 0, now;

    cpu_pin(own);
    for (unsigned i = 0; i < READS; i++, before = now) {
        now = time_read();
        if (now < before)
            atomic_fetch_add(&bad, 1);
    }
    return NULL;
}

/* The last value goes from CPU to CPU; what the next one reads must not be less. */
static void *passer(void *argument)
{
    unsigned own = (unsigned)(uintptr_t)argument;

    cpu_pin(own);
    for (unsigned i = 0; i < TURNS; i++) {
        uint64_t now;

        while (atomic_load(&turn) != i * threads + own)
            sched_yield();
        now = time_read();
        if (now < atomic_load(&last))
            atomic_fetch_add(&bad, 1);
        atomic_store(&last, now);
        atomic_fetch_add(&turn, 1);
    }
    return NULL;
}

static void on_all(const char *label, void *(*run)(void *))
{
    pthread_t all[MOST_THREADS];

    bad = 0;
    for (uintptr_t i = 0; i < threads; i++)
        pthread_create(&all[i], NULL, run, (void *)i);
    for (unsigned i = 0; i < threads; i++)
        pthread_join(all[i], NULL);
    check(label, bad == 0);
}

/* Both count the same time; the two reads of a pair are at most a few ms apart, once of a few. */
static void rate(void)
{
    bool good = false;

    for (unsigned attempt = 0; attempt < 5 && !good; attempt++) {
        uint64_t ticks = time_read(), begin = nanoseconds(), passed;

        do
            passed = nanoseconds() - begin;
        while (passed < 50000000);
        ticks = (time_read() - ticks) * 100; /* of 10 MHz */
        good = ticks > passed - passed / 50 && ticks < passed + passed / 50;
    }
    check("time runs at 10 MHz", good);
}

void topic_counter(void)
{
    threads = cpu_count() < MOST_THREADS ? cpu_count() : MOST_THREADS;
    on_all("time never goes back on a CPU", reader);
    on_all("nor from one to another", passer);
    rate();
}
