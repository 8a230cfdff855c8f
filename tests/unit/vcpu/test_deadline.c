/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest time and host time: due or not, and when, around both ends of 64 bits.
 */
#include "vcpu/deadline.h"

#include "lib/bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NONE DEADLINE_NONE

struct row {
    uint64_t now, htimedelta, vstimecmp;
    bool is_due;
    uint64_t host;
};

static const struct row rows[] = {
    /* No offset: before, at and after. */
    {1000, 0, 1001, false, 1001},
    {1000, 0, 1000, true, 1000},
    {1000, 0, 999, true, 1000},
    {1000, 0, 0, true, 1000},
    {0, 0, 0, true, 0},
    {0, 0, 1, false, 1},
    /* The guest began at host time 5000: its time is host time - 5000. */
    {5000, -5000UL, 0, true, 5000},
    {5000, -5000UL, 1, false, 5001},
    {7000, -5000UL, 2500, false, 7500},
    {7000, -5000UL, 2000, true, 7000},
    /* A guest ahead of its host: restored from a machine that ran longer. */
    {100, 10000, 10200, false, 200},
    {100, 10000, 10100, true, 100},
    /* The host started later than the guest: guest time is before 0, modulo 2^64. */
    {4000, -5000UL, 5, true, 4000},
    {4000, -5000UL, -1UL, false, 4999},
    /* Guest time passes 2^64 where host time does not, and starts again. */
    {100, UINT64_MAX - 50, 49, true, 100},
    {100, UINT64_MAX - 50, 50, false, 101},
    /* Never. */
    {1000, 0, NONE, false, NONE},
    {1000, -1000UL, NONE, false, NONE},
    {7000, -5000UL, NONE, false, NONE},
    {0, 0, NONE, false, NONE},
    /* It would be behind the last tick of the host: never; the last tick itself is "none" too. */
    {7000, -5000UL, UINT64_MAX - 1, false, NONE},
    {7000, -5000UL, UINT64_MAX - 5001, false, UINT64_MAX - 1},
    {7000, -5000UL, UINT64_MAX - 5000, false, UINT64_MAX},
    /* The last ticks. */
    {UINT64_MAX, 0, UINT64_MAX, true, UINT64_MAX},
    {UINT64_MAX - 1, 0, UINT64_MAX, false, UINT64_MAX},
};

static void the_table_holds(void **state)
{
    struct vcpu vcpu = {0};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        vcpu.csrs.htimedelta = rows[i].htimedelta;
        vcpu.csrs.vstimecmp = rows[i].vstimecmp;
        assert_int_equal(deadline_is_due(&vcpu, rows[i].now), rows[i].is_due);
        assert_int_equal(deadline_host(&vcpu, rows[i].now), rows[i].host);
    }
}

/* Whatever the numbers: a deadline in the future is reached exactly at the time that was said. */
static void the_time_that_is_said_is_the_first_due_one(void **state)
{
    uint64_t random = 20260304;
    struct vcpu vcpu = {0};

    (void)state;
    for (unsigned run = 0; run < 100000; run++) {
        random = random * 6364136223846793005UL + 1442695040888963407UL;
        uint64_t now = random >> (run % 64);
        uint64_t host;

        vcpu.csrs.htimedelta = random * 31 >> (run / 64 % 64);
        vcpu.csrs.vstimecmp = random * 97 >> (run / 128 % 64);
        host = deadline_host(&vcpu, now);
        assert_true(host >= now);
        if (deadline_is_due(&vcpu, now)) {
            assert_int_equal(host, now);
        } else if (host != DEADLINE_NONE) {
            assert_true(deadline_is_due(&vcpu, host));
            assert_false(deadline_is_due(&vcpu, host - 1));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_holds),
        cmocka_unit_test(the_time_that_is_said_is_the_first_due_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
