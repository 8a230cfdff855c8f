/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The workloads of scripts/bench_linux: what they are, and how they tell their begin and end.
 * init.c runs them, work_*.c are they.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

/* A HINT that count.c recognises; the number says what begins or ends. */
#define MARK(number) __asm__ volatile("slti x0, x0, %0" ::"i"(number) : "memory")
enum { MARK_INIT = 1, MARK_BEGIN = 2, MARK_END = 3 };

#define MIB (1UL << 20)

/* prepare may be NULL. What it does is not measured, and is undone by nobody. */
struct workload {
    const char *name;
    void (*prepare)(void);
    void (*run)(void);
};

extern const struct workload workloads_user[], workloads_memory[], workloads_kernel[];

/* Ends the run with a line on the console, where `ok` is 0. */
void need(int ok, const char *what);
/* Bytes of an endless pseudo-random sequence; never 0 as a whole. */
uint64_t random_next(uint64_t *state);
/* Starts the program with these arguments, output to /dev/null; waits until it has ended well. */
void program_run(char *const arguments[]);
/* Anonymous memory; the kernel chooses its pages. */
void *memory_new(size_t size);

#endif
