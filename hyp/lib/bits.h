/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bits and fields of words. A field is named by its mask, as in riscv/csr.h; only the two
 * helpers here shift. The masks can be used from assembly.
 */
#ifndef LIB_BITS_H
#define LIB_BITS_H

#ifdef __ASSEMBLER__
#define UL(n) n
#else
#define UL(n) n##UL
#endif

#define BIT(n)       (UL(1) << (n))
#define BITS(hi, lo) (((UL(2) << ((hi) - (lo))) - 1) << (lo))

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The field of `word` that the contiguous, nonzero `mask` selects, moved down to bit 0. */
static inline uint64_t field_get(uint64_t mask, uint64_t word)
{
    return (word & mask) / (mask & -mask);
}

/* `word` with the field that `mask` selects replaced by the low bits of `value`. */
static inline uint64_t field_set(uint64_t mask, uint64_t word, uint64_t value)
{
    return (word & ~mask) | ((value * (mask & -mask)) & mask);
}

/* `align` is a power of two. */
static inline uint64_t align_down(uint64_t value, uint64_t align)
{
    return value & ~(align - 1);
}

/* `align` is a power of two; wraps to 0 where value + align - 1 passes 2^64. */
static inline uint64_t align_up(uint64_t value, uint64_t align)
{
    return align_down(value + align - 1, align);
}

static inline bool is_aligned(uint64_t value, uint64_t align)
{
    return (value & (align - 1)) == 0;
}

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* The number of the lowest 1 of `word`, which is not 0. Without Zbb the compiler's builtin would
 * call libgcc. */
static inline unsigned lowest_bit(uint64_t word)
{
    unsigned bit = 0;

    for (unsigned half = 32; half > 0; half /= 2) {
        if ((word & (BIT(half) - 1)) == 0) {
            word >>= half;
            bit += half;
        }
    }
    return bit;
}

/* True where [base, base + size) lies inside [outer, outer + outer_size); sums may not wrap. */
static inline bool range_within(uint64_t base, uint64_t size, uint64_t outer, uint64_t outer_size)
{
    return base >= outer && size <= outer_size && base - outer <= outer_size - size;
}

#endif
#endif
