/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Integer arithmetic on the values where it goes wrong, and the atomic operations. One digest for
 * each instruction of integer_ops.S, so that a difference names it.
 */
#include <stdio.h>

#include "duplicate.h"

static const uint64_t corners[] = {
    0,
    1,
    2,
    31,
    32,
    63,
    64,
    0x7f,
    0x80,
    0xffff,
    0x7fffffff,
    0x80000000,
    0xffffffff,
    0x100000000,
    0x123456789abcdef0,
    INT64_MAX,
    (uint64_t)INT64_MIN,
    (uint64_t)INT64_MIN + 1,
    0xfffffffeffffffff,
    0xffffffff7fffffff,
    0xffffffff80000000,
    (uint64_t)-2,
    (uint64_t)-1,
};

/* What an atomic operation leaves in memory is digested too; to the others `place` is nothing. */
static void operation_run(const struct operation *operation)
{
    static _Alignas(16) uint64_t place;

    for (unsigned a = 0; a < ARRAY_SIZE(corners); a++) {
        for (unsigned b = 0; b < ARRAY_SIZE(corners); b++) {
            place = corners[a];
            digest_word(operation->run(corners[a], corners[b], (uint64_t)&place, 0));
            digest_word(place);
        }
    }
    digest_print(operation->name);
}

/* A reservation that no LR made: SC must fail, and write nothing. */
static void conditional_store(void)
{
    uint64_t place = 5, failed, other = 0;

    __asm__ volatile("lr.d zero, (%1)\n"
                     "sc.d zero, zero, (%2)\n"
                     "sc.d %0, zero, (%1)"
                     : "=&r"(failed)
                     : "r"(&place), "r"(&other)
                     : "memory");
    check("sc without a reservation fails", failed && place == 5);
    do
        __asm__ volatile("lr.d %0, (%1)\n"
                         "addi %0, %0, 1\n"
                         "sc.d %0, %0, (%1)"
                         : "=&r"(failed)
                         : "r"(&place)
                         : "memory");
    while (failed);
    check("lr and sc add one", place == 6);
}

void topic_integer(void)
{
    for (unsigned i = 0; integer_ops[i].run; i++)
        operation_run(&integer_ops[i]);
    conditional_store();
    for (uint64_t i = 0, state = 1; i < 100000; i++)
        digest_word(random_next(&state) % (i + 1));
    digest_print("100000 numbers");
}
