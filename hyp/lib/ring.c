/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An index is a position modulo the size; positions never wrap, as 2^64 bytes never come.
 */
#include "lib/ring.h"

void ring_put(struct ring *ring, const void *bytes, size_t count)
{
    const uint8_t *byte = bytes;

    for (size_t i = 0; i < count; i++)
        ring->bytes[ring->written++ % RING_SIZE] = byte[i];
}

size_t ring_get(const struct ring *ring, uint64_t *position, void *bytes, size_t size)
{
    uint64_t oldest = ring->written > RING_SIZE ? ring->written - RING_SIZE : 0;
    uint8_t *byte = bytes;
    size_t count = 0;

    if (*position < oldest)
        *position = oldest;
    if (*position > ring->written)
        *position = ring->written;
    while (count < size && *position < ring->written)
        byte[count++] = ring->bytes[(*position)++ % RING_SIZE];
    return count;
}
