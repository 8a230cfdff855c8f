/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 4 (Base Extension).
 */
#include "sbi_call.h"

#define IMPL_IDS_TAKEN 11 /* 0 to 11 are others' */

static void it_says_who_answers(void **state)
{
    (void)state;
    EXPECT_VALUE(0x02000000, SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION);
    EXPECT_ERROR(SBI_SUCCESS, SBI_EXT_BASE, SBI_BASE_GET_IMPL_ID);
    assert_true(sbi_value() > IMPL_IDS_TAKEN);
    EXPECT_VALUE(0x10000, SBI_EXT_BASE, SBI_BASE_GET_IMPL_VERSION);
}

/* Vendor errata of the host are not for guests. */
static void the_machine_ids_are_zero(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_BASE, SBI_BASE_GET_MVENDORID);
    EXPECT_VALUE(0, SBI_EXT_BASE, SBI_BASE_GET_MARCHID);
    EXPECT_VALUE(0, SBI_EXT_BASE, SBI_BASE_GET_MIMPID);
}

static void probing_names_what_there_is(void **state)
{
    const uint64_t there[] = {0,
                              1,
                              2,
                              3,
                              4,
                              5,
                              6,
                              7,
                              8,
                              SBI_EXT_BASE,
                              SBI_EXT_TIME,
                              SBI_EXT_IPI,
                              SBI_EXT_RFENCE,
                              SBI_EXT_HSM,
                              SBI_EXT_SRST,
                              SBI_EXT_DBCN,
                              SBI_EXT_PMU,
                              SBI_EXT_STA};
    const uint64_t not_there[] = {9, 15, 17, SBI_EXT_FWFT, UINT64_MAX, BIT(32) | SBI_EXT_TIME};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(there); i++)
        EXPECT_VALUE(1, SBI_EXT_BASE, SBI_BASE_PROBE_EXTENSION, there[i]);
    for (unsigned i = 0; i < ARRAY_SIZE(not_there); i++)
        EXPECT_VALUE(0, SBI_EXT_BASE, SBI_BASE_PROBE_EXTENSION, not_there[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(it_says_who_answers),
        SBI_TEST(the_machine_ids_are_zero),
        SBI_TEST(probing_names_what_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
