/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The harts of this machine: who am I, how many are there, and giving the others work. The boot
 * hart leads: it alone prints and posts work; the others, once started, serve.
 */
#ifndef LIB_HARTS_H
#define LIB_HARTS_H

#include "lib/trap.h"

/* Stands at the top of the hart's stack, so that sp leads to it. */
struct hart {
    uint64_t id;
    uint64_t recover; /* trap.c: sp of the try under way, or 0 */
    struct trap_seen seen;
};

typedef void hart_job(void);
typedef void hart_entry(uint64_t hartid, uint64_t opaque);

/* This hart's block. */
static inline struct hart *hart_self(void)
{
    uint64_t sp;

    __asm__("mv %0, sp" : "=r"(sp));
    return (struct hart *)((sp | (HART_STACK_SIZE - 1)) + 1 - HART_SIZE);
}

/* start.S: the address for SBI hart_start and hart_suspend. The hart then calls what
 * harts_entry points to, and serves when that returns. */
extern const char hart_start[];
extern hart_entry *harts_entry;

/* The guest's own first function; runs on the boot hart. */
_Noreturn void guest_main(void);

/* Harts 0 to n - 1 exist, at most HARTS_MAX are counted. */
uint64_t harts_count(void);

/* Starts all harts but this one, to serve. False where one cannot be started in time. */
bool harts_start_others(void);

/* Gives hart `id` a job; it must be serving. harts_wait: false if it takes too long. */
void harts_post(uint64_t id, hart_job *job);
bool harts_wait(uint64_t id);

/* Runs a job on one hart, or on all that are there, this one included; waits for its end. */
bool harts_run_on(uint64_t id, hart_job *job);
bool harts_run(hart_job *job);

/* Meets all harts of a job given to `count` harts. False if they do not come, and ever after. */
bool harts_meet(uint64_t count);

#endif
