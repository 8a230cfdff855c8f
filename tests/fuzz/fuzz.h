/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the fuzz targets share: an input as a stream of numbers, and claims that end the run.
 * A target is one file here: LLVMFuzzerTestOneInput gets bytes that libFuzzer makes up, plays
 * them to the code of hyp/, and claims what must be true whatever they are. It keeps no state
 * from one input to the next.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must be true. Otherwise libFuzzer keeps the input and ends with a status. */
#define fuzz_claim(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);              \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

struct fuzz {
    const uint8_t *data;
    size_t left;
};

/* The next `bytes` (at most 8) as a number, little end first; what is not there is 0. */
static inline uint64_t fuzz_take(struct fuzz *fuzz, unsigned bytes)
{
    size_t count = bytes < fuzz->left ? bytes : fuzz->left;
    uint64_t value = 0;

    if (count > 0)
        memcpy(&value, fuzz->data, count);
    fuzz->data += count;
    fuzz->left -= count;
    return value;
}

static inline uint64_t fuzz_take_below(struct fuzz *fuzz, uint64_t limit)
{
    return fuzz_take(fuzz, limit > 256 ? 4 : 1) % limit;
}

static inline bool fuzz_take_bool(struct fuzz *fuzz)
{
    return fuzz_take(fuzz, 1) & 1;
}

#endif
