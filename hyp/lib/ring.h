/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The newest bytes of a stream. A byte's position is how many came before it, so any number of
 * readers can go on where they stopped, each for itself, and see what they have missed.
 */
#ifndef LIB_RING_H
#define LIB_RING_H

#include <stddef.h>
#include <stdint.h>

#define RING_SIZE 8192 /* bytes that are kept; a power of two */

/* Start state: all zero, nothing written. */
struct ring {
    uint64_t written; /* the position of the next byte */
    uint8_t bytes[RING_SIZE];
};

void ring_put(struct ring *ring, const void *bytes, size_t count);

/* Copies at most `size` bytes from *position on; returns how many, and moves *position behind
 * them. A position that is not kept any more is first moved on to the oldest byte that is, one
 * that is not reached yet back to ring->written. */
size_t ring_get(const struct ring *ring, uint64_t *position, void *bytes, size_t size);

#endif
