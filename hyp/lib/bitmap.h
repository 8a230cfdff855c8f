/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arrays of bits in 64-bit words. `bit` is always below the length the array was made for.
 * Not atomic: whoever owns the array sees to it that one hart writes at a time.
 */
#ifndef LIB_BITMAP_H
#define LIB_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BITMAP_WORDS(bits) (((bits) + 63) / 64)

static inline bool bitmap_get(const uint64_t *map, size_t bit)
{
    return (map[bit / 64] >> (bit % 64)) & 1;
}

static inline void bitmap_set(uint64_t *map, size_t bit)
{
    map[bit / 64] |= (uint64_t)1 << (bit % 64);
}

static inline void bitmap_clear(uint64_t *map, size_t bit)
{
    map[bit / 64] &= ~((uint64_t)1 << (bit % 64));
}

static inline void bitmap_put(uint64_t *map, size_t bit, bool value)
{
    if (value)
        bitmap_set(map, bit);
    else
        bitmap_clear(map, bit);
}

#endif
