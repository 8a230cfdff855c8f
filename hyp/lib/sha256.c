/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256, step by step as FIPS 180-4 writes it; the names are the standard's. Whole messages
 * only: a bundle's image lies in memory when it is checked. Speed is crc32's business.
 */
#include "lib/sha256.h"

#include "lib/string.h"

#define BLOCK_SIZE  64
#define LENGTH_SIZE 8 /* the message's length in bits, at the end of the last block */
#define ROUNDS      64

/* FIPS 180-4 4.2.2 (SHA-224 and SHA-256 Constants). */
static const uint32_t K[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate_right(uint32_t x, unsigned n)
{
    return (x >> n) | (x << (32 - n));
}

static uint32_t big_sigma0(uint32_t x)
{
    return rotate_right(x, 2) ^ rotate_right(x, 13) ^ rotate_right(x, 22);
}

static uint32_t big_sigma1(uint32_t x)
{
    return rotate_right(x, 6) ^ rotate_right(x, 11) ^ rotate_right(x, 25);
}

static uint32_t small_sigma0(uint32_t x)
{
    return rotate_right(x, 7) ^ rotate_right(x, 18) ^ (x >> 3);
}

static uint32_t small_sigma1(uint32_t x)
{
    return rotate_right(x, 17) ^ rotate_right(x, 19) ^ (x >> 10);
}

static uint32_t ch(uint32_t x, uint32_t y, uint32_t z)
{
    return (x & y) ^ (~x & z);
}

static uint32_t maj(uint32_t x, uint32_t y, uint32_t z)
{
    return (x & y) ^ (x & z) ^ (y & z);
}

static uint32_t load_big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void store_big_endian(uint8_t *bytes, uint64_t value, size_t size)
{
    for (size_t i = size; i-- > 0; value >>= 8)
        bytes[i] = (uint8_t)value;
}

/* FIPS 180-4 6.2.2 (SHA-256 Hash Computation), step 1: the message schedule. */
static void expand(const uint8_t *block, uint32_t w[ROUNDS])
{
    for (size_t t = 0; t < 16; t++)
        w[t] = load_big_endian(block + 4 * t);
    for (unsigned t = 16; t < ROUNDS; t++)
        w[t] = small_sigma1(w[t - 2]) + w[t - 7] + small_sigma0(w[t - 15]) + w[t - 16];
}

/* FIPS 180-4 6.2.2, steps 2 to 4. */
static void add_block(uint32_t hash[8], const uint8_t *block)
{
    uint32_t a = hash[0], b = hash[1], c = hash[2], d = hash[3];
    uint32_t e = hash[4], f = hash[5], g = hash[6], h = hash[7];
    uint32_t w[ROUNDS];

    expand(block, w);
    for (unsigned t = 0; t < ROUNDS; t++) {
        uint32_t t1 = h + big_sigma1(e) + ch(e, f, g) + K[t] + w[t];
        uint32_t t2 = big_sigma0(a) + maj(a, b, c);
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    uint32_t worked[8] = {a, b, c, d, e, f, g, h};
    for (unsigned i = 0; i < 8; i++)
        hash[i] += worked[i];
}

/* FIPS 180-4 5.1.1 (padding): a 1 bit, zeros, and the length in bits fill the last blocks. */
static void add_tail(uint32_t hash[8], const uint8_t *tail, size_t tail_size, uint64_t total_size)
{
    uint8_t blocks[2 * BLOCK_SIZE] = {0};
    size_t padded = tail_size + 1 + LENGTH_SIZE <= BLOCK_SIZE ? BLOCK_SIZE : 2 * BLOCK_SIZE;

    if (tail_size > 0)
        memcpy(blocks, tail, tail_size);
    blocks[tail_size] = 0x80;
    store_big_endian(blocks + padded - LENGTH_SIZE, total_size * 8, LENGTH_SIZE);
    for (size_t i = 0; i < padded; i += BLOCK_SIZE)
        add_block(hash, blocks + i);
}

void sha256_compute(const void *data, size_t size, uint8_t digest[SHA256_SIZE])
{
    /* FIPS 180-4 5.3.3 (initial hash value). */
    uint32_t hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    const uint8_t *bytes = data;
    size_t left = size;

    for (; left >= BLOCK_SIZE; left -= BLOCK_SIZE, bytes += BLOCK_SIZE)
        add_block(hash, bytes);
    add_tail(hash, bytes, left, size);
    for (size_t i = 0; i < 8; i++)
        store_big_endian(digest + 4 * i, hash[i], 4);
}
