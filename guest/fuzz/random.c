// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random numbers that a seed repeats: splitmix64, by S. Vigna's description of it (2015).
 */
#include "fuzz/fuzz.h"

static uint64_t state;

void random_seed(uint64_t seed)
{
    state = seed;
}

uint64_t random_u64(void)
{
    uint64_t value = state += 0x9e3779b97f4a7c15;

    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
}

uint64_t random_below(uint64_t limit)
{
    return random_u64() % limit;
}
