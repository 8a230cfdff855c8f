/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the vCPUs share; turns.S knows the offsets.
 */
#ifndef TURNS_TURNS_H
#define TURNS_TURNS_H

#include <stdint.h>

struct turns {
    uint64_t time;  /* the last one stored */
    uint64_t who;   /* by that vCPU */
    uint64_t count; /* switches seen */
    uint64_t ticks; /* that they took in all */
    uint64_t limit; /* switches to be seen */
    uint64_t end;   /* or the time at which to give up */
    uint64_t least; /* ticks; a shorter switch is none */
};

/* Where a vCPU begins; it never stops. Its id in a0, its turns in a1: SBI 9.1 (HART start). */
extern const char turns_start[];

/* The same, as vCPU `id`; returns when enough was seen. */
void turns_watch(uint64_t id, struct turns *turns);

#endif
