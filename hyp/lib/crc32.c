/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CRC-32 without tables. A message is a polynomial over GF(2), first bit first, and its CRC the
 * remainder by the generator G. Long messages are first folded, 64 bits at a time, into a short
 * one with the same remainder; the short one is divided bit by bit.
 */
#include "lib/crc32.h"

/* G, but for x^32, lowest power in bit 31: bytes send their bit 0 first. */
#define GENERATOR 0xedb88320

#define WORD_BYTES  8L
#define CARRY_WORDS 5 /* how far a fold reaches */
#define FOLD_BYTES  ((1 + CARRY_WORDS) * WORD_BYTES)

typedef uint64_t __attribute__((may_alias)) word_t;

static uint32_t divide_byte(uint32_t crc, uint8_t byte)
{
    crc ^= byte;
    for (unsigned bit = 0; bit < 8; bit++)
        crc = crc & 1 ? (crc >> 1) ^ GENERATOR : crc >> 1;
    return crc;
}

/*
 * G divides x^300 + x^155 + x^117 + x^89 + 1, so the remainder stays when a 1 is taken out of the
 * message and the bits 145, 183, 211 and 300 places further on are flipped. For a word these are
 * XORs into the second to fifth word after it, two words for a place that is no multiple of 64.
 * About 20 instructions for 8 bytes; byte tables need 50 (S. Russell, "Chorba", 2024, has the
 * idea and other such multiples). At least FOLD_BYTES lie before `end`. Returns the first byte not
 * folded; carry[] belongs there.
 */
static const uint8_t *fold(const uint8_t *next, const uint8_t *end, uint64_t carry[CARRY_WORDS])
{
    const uint8_t *last = end - FOLD_BYTES;
    uint64_t c0 = carry[0], c1 = carry[1], c2 = carry[2], c3 = carry[3], c4 = carry[4];

    for (; next <= last; next += WORD_BYTES) {
        uint64_t word = *(const word_t *)next ^ c0;
        c0 = c1;
        c1 = c2 ^ word << 17 ^ word << 55;
        c2 = c3 ^ word >> 47 ^ word >> 9 ^ word << 19;
        c3 = c4 ^ word >> 45 ^ word << 44;
        c4 = word >> 20;
    }
    carry[0] = c0;
    carry[1] = c1;
    carry[2] = c2;
    carry[3] = c3;
    carry[4] = c4;
    return next;
}

uint32_t crc32_compute(const void *data, size_t size)
{
    const uint8_t *next = data;
    const uint8_t *end = next + size;
    uint64_t carry[CARRY_WORDS + 1] = {0}; /* one more: the rest may reach past the carry */
    uint32_t crc = UINT32_MAX;

    for (; next < end && (uintptr_t)next % WORD_BYTES != 0; next++)
        crc = divide_byte(crc, *next);
    if (end - next >= FOLD_BYTES) {
        carry[0] = crc; /* a remainder so far counts as bits added to the next ones */
        crc = 0;
        next = fold(next, end, carry);
    }
    for (unsigned i = 0; next < end; i++, next++)
        crc = divide_byte(crc, *next ^ (uint8_t)(carry[i / WORD_BYTES] >> i % WORD_BYTES * 8));
    return ~crc;
}
