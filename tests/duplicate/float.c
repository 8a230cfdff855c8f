/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Floating point: every operation of float_ops.S over the values where it goes wrong, in each
 * rounding mode; what is digested is the result's bits and the flags.
 */
#include <stdio.h>

#include "duplicate.h"

#define ROUNDING_MODES 5

/* Doubles, then floats in their NaN boxes; each is also given to operations of the other width. */
static const uint64_t corners[] = {
    0x0000000000000000, 0x8000000000000000, 0x3ff0000000000000, 0xbff0000000000000,
    0x3ff8000000000000, 0x0000000000000001, 0x000fffffffffffff, 0x0010000000000000,
    0x7fefffffffffffff, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000,
    0x7ff0000000000001, 0x400921fb54442d18, 0x41dfffffffe00000, 0x43e0000000000000,
    0x380fffffffffffff, 0xffffffff00000000, 0xffffffff80000000, 0xffffffff3f800000,
    0xffffffff00000001, 0xffffffff7f7fffff, 0xffffffff7f800000, 0xffffffff7fc00000,
    0xffffffff7f800001, 0xffffffff40490fdb,
};

static void operation_run(const struct operation *operation)
{
    uint64_t flags;

    for (unsigned a = 0; a < ARRAY_SIZE(corners); a++) {
        for (unsigned b = 0; b < ARRAY_SIZE(corners); b++) {
            uint64_t c = corners[(a + 3 * b) % ARRAY_SIZE(corners)];

            digest_word(operation->run(corners[a], corners[b], c, (uint64_t)&flags));
            digest_word(flags);
        }
    }
}

static void boxes(void)
{
    uint64_t single = 0x3f800000, loaded, added;

    __asm__ volatile("flw ft0, 0(%1)\nfmv.x.d %0, ft0" : "=r"(loaded) : "r"(&single) : "ft0");
    printf("flw boxes: %016lx\n", loaded);
    __asm__ volatile("fmv.d.x ft0, %1\nfadd.s ft0, ft0, ft0\nfmv.x.d %0, ft0"
                     : "=r"(added)
                     : "r"(single)
                     : "ft0");
    printf("a float without its box: %016lx\n", added);
}

void topic_float(void)
{
    double sum = 0;

    for (unsigned i = 0; float_ops[i].run; i++) {
        for (unsigned long mode = 0; mode < ROUNDING_MODES; mode++) {
            __asm__ volatile("fsrm %0" ::"r"(mode));
            operation_run(&float_ops[i]);
        }
        digest_print(float_ops[i].name);
    }
    __asm__ volatile("fsrm zero");
    boxes();
    for (int i = 1; i < 100000; i++)
        sum += 1.0 / i * (i % 3 ? 1 : -1);
    digest_bytes(&sum, sizeof(sum));
    digest_print("a sum of 100000");
}
