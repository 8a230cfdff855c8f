// SPDX-License-Identifier: BSD-2-Clause
/*
 * Workloads whose time goes into memory: streams of it, jumps in it, and asking for more.
 */
#include "bench.h"

#include <string.h>
#include <sys/mman.h>

#define PAGE         4096
#define STREAM       (8 * MIB)
#define STREAM_TIMES 15
#define NEW          (160 * MIB)
#define CHASE        (64 * MIB)
#define CHASE_STEP   64 /* bytes: a cache line */
#define CHASE_LOADS  2000000
#define FAULTS       (16 * MIB)
#define FAULTS_TIMES 10

static char *stream_from, *stream_to;
static void **chase_start;

static void stream_prepare(void)
{
    stream_from = memory_new(STREAM);
    stream_to = memory_new(STREAM);
    memset(stream_from, 1, STREAM);
    memset(stream_to, 2, STREAM);
}

static void stream(void)
{
    for (int i = 0; i < STREAM_TIMES; i++)
        memcpy(stream_to, stream_from, STREAM);
    need(stream_to[STREAM - 1] == 1, "stream");
}

static void pages_touch(char *memory, size_t size)
{
    for (size_t at = 0; at < size; at += PAGE)
        memory[at] = 1;
}

/* As large as the kernel makes them. */
static void newpages(void)
{
    char *memory = memory_new(NEW);

    pages_touch(memory, NEW);
    need(munmap(memory, NEW) == 0, "munmap");
}

/* One by one. */
static void faults(void)
{
    char *memory = memory_new(FAULTS);

    need(madvise(memory, FAULTS, MADV_NOHUGEPAGE) == 0, "madvise");
    for (int i = 0; i < FAULTS_TIMES; i++) {
        pages_touch(memory, FAULTS);
        need(madvise(memory, FAULTS, MADV_DONTNEED) == 0, "madvise");
    }
    need(munmap(memory, FAULTS) == 0, "munmap");
}

/* Each place holds the address of the next; all are one cycle (Sattolo's shuffle). */
static void chase_prepare(void)
{
    char *memory = memory_new(CHASE);
    uint64_t state = 7, count = CHASE / CHASE_STEP;

    for (size_t i = 0; i < count; i++)
        *(void **)(memory + i * CHASE_STEP) = memory + i * CHASE_STEP;
    for (size_t i = count - 1; i > 0; i--) {
        void **a = (void **)(memory + i * CHASE_STEP);
        void **b = (void **)(memory + random_next(&state) % i * CHASE_STEP);
        void *kept = *a;

        *a = *b;
        *b = kept;
    }
    chase_start = (void **)memory;
}

static void chase(void)
{
    void **at = chase_start;

    for (int i = 0; i < CHASE_LOADS; i++)
        at = *at;
    need(at != NULL, "chase");
}

const struct workload workloads_memory[] = {
    {"stream", stream_prepare, stream},
    {"newpages", NULL, newpages},
    {"chase", chase_prepare, chase},
    {"faults", NULL, faults},
    {NULL, NULL, NULL},
};
