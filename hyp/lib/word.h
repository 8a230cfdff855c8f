/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words that several harts use, read and stored whole by one instruction: what a relaxed
 * __atomic_load_n and __atomic_store_n mean, of which GCC 12 makes more (an AMO, and an address of
 * its own). For the paths that every exit takes. Order is the fences' affair.
 */
#ifndef LIB_WORD_H
#define LIB_WORD_H

#include <stdint.h>

/* `place` is aligned. */
static inline uint32_t word_load_u32(const uint32_t *place)
{
    return *(const volatile uint32_t *)place;
}

static inline uint64_t word_load_u64(const uint64_t *place)
{
    return *(const volatile uint64_t *)place;
}

static inline void word_store_u32(uint32_t *place, uint32_t value)
{
    *(volatile uint32_t *)place = value;
}

static inline void word_store_u64(uint64_t *place, uint64_t value)
{
    *(volatile uint64_t *)place = value;
}

#endif
