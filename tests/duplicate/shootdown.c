/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One thread takes rights and pages away while others use them: once the system call has returned,
 * no CPU may go on with the old translation (remote SFENCE.VMA).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>

#include "duplicate.h"

#define PAGE   4096ul
#define PAGES  8
#define ROUNDS 30

static uint8_t *pages;
static atomic_uint phase; /* even: all may write; odd: none may */
static atomic_ulong writes, faults, wrong;
static atomic_bool over;
static __thread sigjmp_buf back;

static void on_signal(int number)
{
    (void)number;
    siglongjmp(back, 1);
}

/* A write that succeeds must have begun when it was allowed. */
static void *writer(void *argument)
{
    unsigned own = (unsigned)(uintptr_t)argument;

    cpu_pin(own % cpu_count());
    while (!over) {
        unsigned begin = atomic_load(&phase);

        if (sigsetjmp(back, 1) == 0) {
            ((volatile uint8_t *)pages)[own % PAGES * PAGE + own] = 1;
            atomic_fetch_add(&writes, 1);
            if (begin % 2 && atomic_load(&phase) == begin)
                atomic_fetch_add(&wrong, 1);
        } else {
            atomic_fetch_add(&faults, 1);
            sched_yield();
        }
    }
    return NULL;
}

/* Until the others have taken notice, or so long that they must have. */
static void progress_wait(atomic_ulong *counter)
{
    unsigned long begin = *counter;

    for (uint64_t end = nanoseconds() + 50000000; *counter == begin && nanoseconds() < end;)
        sched_yield();
}

void topic_shootdown(void)
{
    unsigned count = cpu_count() < 4 ? cpu_count() + 1 : 4;
    pthread_t all[4];

    signal(SIGSEGV, on_signal);
    pages = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (uintptr_t i = 0; i < count; i++)
        pthread_create(&all[i], NULL, writer, (void *)i);
    for (unsigned round = 0; round < ROUNDS; round++) {
        progress_wait(&writes);
        mprotect(pages, PAGES * PAGE, round % 2 ? PROT_READ : PROT_NONE);
        atomic_fetch_add(&phase, 1);
        progress_wait(&faults);
        atomic_fetch_add(&phase, 1);
        mprotect(pages, PAGES * PAGE, PROT_READ | PROT_WRITE);
        if (round % 3 == 0)
            madvise(pages, PAGES * PAGE, MADV_DONTNEED);
    }
    over = true;
    for (unsigned i = 0; i < count; i++)
        pthread_join(all[i], NULL);
    check("no write after its right was taken", wrong == 0);
    check("writes and faults came", writes > ROUNDS / 2 && faults > ROUNDS / 2);
}
