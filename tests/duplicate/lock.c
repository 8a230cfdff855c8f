/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads on all CPUs: locks of every kind, the order of memory, membarrier.
 */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "duplicate.h"

#define THREADS 4
#define ROUNDS  10000
#define TURNS   200
#define TRIALS  1000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static unsigned long guarded;
static atomic_ulong added;
static atomic_uint spin;
static unsigned turn;

static void *with_mutex(void *argument)
{
    (void)argument;
    for (unsigned i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        guarded++;
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static void *with_atomic(void *argument)
{
    unsigned long own = (unsigned long)(uintptr_t)argument;

    for (unsigned i = 0; i < ROUNDS; i++)
        atomic_fetch_add(&added, own);
    return NULL;
}

static void *with_spin(void *argument)
{
    (void)argument;
    for (unsigned i = 0; i < ROUNDS / 10; i++) {
        while (atomic_exchange(&spin, 1))
            sched_yield();
        guarded++;
        atomic_store(&spin, 0);
    }
    return NULL;
}

static void *with_reader(void *argument)
{
    for (unsigned i = 0; i < ROUNDS / 10; i++) {
        if (argument) {
            pthread_rwlock_rdlock(&shared);
            if (guarded % 2)
                atomic_fetch_add(&added, 1);
        } else {
            pthread_rwlock_wrlock(&shared);
            guarded++;
            guarded++;
        }
        pthread_rwlock_unlock(&shared);
    }
    return NULL;
}

/* Each waits for its turn: every hand-over is a sleep and a wake-up, mostly of another CPU. */
static void *in_turn(void *argument)
{
    unsigned own = (unsigned)(uintptr_t)argument;

    for (unsigned i = 0; i < TURNS; i++) {
        pthread_mutex_lock(&mutex);
        while (turn % THREADS != own)
            pthread_cond_wait(&changed, &mutex);
        turn++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static void *at_barrier(void *argument)
{
    unsigned own = (unsigned)(uintptr_t)argument;

    for (unsigned i = 0; i < TURNS; i++) {
        atomic_fetch_add(&added, own == i % THREADS);
        pthread_barrier_wait(&barrier);
        if (atomic_load(&added) != i + 1)
            atomic_fetch_add(&added, 1000000);
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

static void threads(void *(*run)(void *))
{
    pthread_t all[THREADS];

    guarded = 0;
    added = 0;
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&all[i], NULL, run, (void *)i);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(all[i], NULL);
}

static atomic_int x, y;
static int seen[2];

/* Store buffering: with a full fence on both sides, not both may read the old value. */
static void *store_and_look(void *argument)
{
    unsigned own = argument != NULL;

    cpu_pin(own);
    for (unsigned i = 0; i < TRIALS; i++) {
        pthread_barrier_wait(&barrier);
        atomic_store_explicit(own ? &x : &y, 1, memory_order_relaxed);
        atomic_thread_fence(memory_order_seq_cst);
        seen[own] = atomic_load_explicit(own ? &y : &x, memory_order_relaxed);
        pthread_barrier_wait(&barrier);
        if (own) {
            added += !seen[0] && !seen[1];
            x = 0;
            y = 0;
        }
    }
    return NULL;
}

static void order(void)
{
    pthread_t other;

    added = 0;
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&other, NULL, store_and_look, NULL);
    store_and_look(&x);
    pthread_join(other, NULL);
    pthread_barrier_destroy(&barrier);
    check("fences order stores before loads", added == 0);
}

static long membarrier(int command)
{
    return syscall(SYS_membarrier, command, 0, 0);
}

static void barriers(void)
{
    printf("membarrier: %lx\n", membarrier(MEMBARRIER_CMD_QUERY));
    printf("registered: %ld, %ld\n", membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED),
           membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE));
    printf("done: %ld, %ld, %ld\n", membarrier(MEMBARRIER_CMD_GLOBAL),
           membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED),
           membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE));
}

void topic_lock(void)
{
    threads(with_mutex);
    printf("mutex: %lu\n", guarded);
    threads(with_atomic);
    printf("atomic: %lu\n", added);
    threads(with_spin);
    printf("spin: %lu\n", guarded);
    threads(with_reader);
    printf("readers and a writer: %lu, %lu\n", guarded, added);
    threads(in_turn);
    printf("in turn: %u\n", turn);
    pthread_barrier_init(&barrier, NULL, THREADS);
    threads(at_barrier);
    printf("barrier: %lu\n", added);
    pthread_barrier_destroy(&barrier);
    order();
    barriers();
}
