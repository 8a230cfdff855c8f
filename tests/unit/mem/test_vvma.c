/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each range becomes the fences that cover it and no others.
 */
#include "mem/vvma.h"

#include "fakes/trace.h"
#include "lib/bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fenced {
    struct vma_range range;
    const char *trace;
};

static const struct fenced table[] = {
    {{0, 0, VMA_ANY_ASID}, "fence.vvma"},
    {{0, 0, 0}, "fence.vvma::0"},
    {{0, 0, 0xffff}, "fence.vvma::ffff"},
    {{0x1000, 1, VMA_ANY_ASID}, "fence.vvma:1000"},
    {{0x1000, 1, 0}, "fence.vvma:1000:0"},
    {{0x7000, 3, VMA_ANY_ASID}, "fence.vvma:7000 fence.vvma:8000 fence.vvma:9000"},
    {{0x7000, 2, 9}, "fence.vvma:7000:9 fence.vvma:8000:9"},
    /* the last pages that there are */
    {{-0x2000UL, 2, VMA_ANY_ASID}, "fence.vvma:ffffffffffffe000 fence.vvma:fffffffffffff000"},
};

static void each_range_has_its_fences(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(table); i++) {
        trace_reset();
        vvma_fence(&table[i].range);
        trace_check(table[i].trace);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_range_has_its_fences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
