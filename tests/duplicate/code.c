/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Code that is written while it is used: a function is replaced again and again, and after the
 * flush every thread, on every CPU, runs the new one (remote FENCE.I).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/cachectl.h>
#include <sys/mman.h>

#include "duplicate.h"

#define PAGE         4096
#define ROUNDS       50
#define MOST_THREADS 4

static uint32_t *code;
static atomic_uint asked, answered, wrong;

/* "li a0, value; ret" (ADDI and JALR). */
static void code_write(unsigned value)
{
    code[0] = value << 20 | 0x00000513;
    code[1] = 0x00008067;
    __riscv_flush_icache(code, code + 2, 0);
}

typedef uint64_t (*code_t)(void);

static uint64_t code_call(void)
{
    return ((code_t)code)();
}

static void *caller(void *argument)
{
    unsigned seen = 0;

    cpu_pin((unsigned)(uintptr_t)argument);
    while (seen < ROUNDS) {
        unsigned round = atomic_load(&asked);

        if (round == seen) {
            sched_yield();
            continue;
        }
        seen = round;
        if (code_call() != round)
            atomic_fetch_add(&wrong, 1);
        atomic_fetch_add(&answered, 1);
    }
    return NULL;
}

static void threads(unsigned count)
{
    pthread_t all[MOST_THREADS];

    for (uintptr_t i = 0; i < count; i++)
        pthread_create(&all[i], NULL, caller, (void *)i);
    for (unsigned round = 1; round <= ROUNDS; round++) {
        code_write(round);
        atomic_store(&asked, round);
        while (atomic_load(&answered) < round * count)
            sched_yield();
    }
    for (unsigned i = 0; i < count; i++)
        pthread_join(all[i], NULL);
    check("every CPU runs what was written", wrong == 0 && answered == ROUNDS * count);
}

/* Writable first, executable then: the same page under two rights, never both. */
static void rights_change(void)
{
    uint64_t sum = 0;

    for (unsigned value = 0; value < 50; value++) {
        mprotect(code, PAGE, PROT_READ | PROT_WRITE);
        code_write(value);
        mprotect(code, PAGE, PROT_READ | PROT_EXEC);
        sum += code_call();
    }
    printf("written, then executed: %lu\n", sum);
}

void topic_code(void)
{
    unsigned cpus = cpu_count();

    code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    threads(cpus < MOST_THREADS ? cpus : MOST_THREADS);
    rights_change();
}
