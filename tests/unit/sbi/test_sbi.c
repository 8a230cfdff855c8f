/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The index of the extensions: what is there, and that everything else is NOT_SUPPORTED.
 */
#include "sbi_call.h"
#include "vcpu/exit_counts.h"

#define EXT_SUSP 0x53555350
#define EXT_CPPC 0x43505043
#define EXT_NACL 0x4e41434c
#define EXT_SSE  0x535345
#define EXT_DBTR 0x44425452
#define EXT_MPXY 0x4d505859

static void the_index_is_complete(void **state)
{
    (void)state;
    assert_ptr_equal(sbi_find(SBI_EXT_BASE), &sbi_base);
    assert_ptr_equal(sbi_find(SBI_EXT_TIME), &sbi_time);
    assert_ptr_equal(sbi_find(SBI_EXT_IPI), &sbi_ipi);
    assert_ptr_equal(sbi_find(SBI_EXT_RFENCE), &sbi_rfence);
    assert_ptr_equal(sbi_find(SBI_EXT_HSM), &sbi_hsm);
    assert_ptr_equal(sbi_find(SBI_EXT_SRST), &sbi_srst);
    assert_ptr_equal(sbi_find(SBI_EXT_DBCN), &sbi_dbcn);
    assert_ptr_equal(sbi_find(SBI_EXT_PMU), &sbi_pmu);
    assert_ptr_equal(sbi_find(SBI_EXT_STA), &sbi_sta);
    for (uint64_t id = SBI_LEGACY_SET_TIMER; id <= SBI_LEGACY_SHUTDOWN; id++)
        assert_ptr_equal(sbi_find(id), &sbi_legacy);
}

/* Each has a place and a name; what is unknown shares one place behind them. */
static void places_and_names_go_together(void **state)
{
    unsigned unknown = sbi_index(EXT_MPXY);

    (void)state;
    assert_int_equal(sbi_index(SBI_EXT_BASE), 0);
    assert_string_equal(sbi_name(sbi_index(SBI_EXT_BASE)), "BASE");
    assert_string_equal(sbi_name(sbi_index(SBI_EXT_DBCN)), "DBCN");
    assert_int_equal(sbi_index(SBI_LEGACY_SET_TIMER), sbi_index(SBI_LEGACY_SHUTDOWN));
    assert_int_equal(sbi_index(EXT_NACL), unknown);
    assert_true(unknown < EXIT_COUNTS_CALLS);
    assert_string_equal(sbi_name(unknown), "unknown");
    assert_string_not_equal(sbi_name(unknown - 1), "unknown");
}

/* Also ids that are right in their low 32 bits only: they are sign-extended, and no id of ours has
 * bit 31 set. */
static void other_extensions_are_not_there(void **state)
{
    const uint64_t ids[] = {0x09,
                            0x0f,
                            0x11,
                            SBI_EXT_FWFT,
                            EXT_SUSP,
                            EXT_CPPC,
                            EXT_NACL,
                            EXT_SSE,
                            EXT_DBTR,
                            EXT_MPXY,
                            0x08000000,
                            0x09000000,
                            0x0a000000,
                            UINT64_MAX,
                            BIT(31),
                            0xffffffff80000000,
                            BIT(32) | SBI_EXT_BASE,
                            BIT(32),
                            0xffffffff00000000 | SBI_EXT_TIME};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(ids); i++) {
        assert_null(sbi_find(ids[i]));
        EXPECT_ERROR(SBI_ERR_NOT_SUPPORTED, ids[i], 0, 1, 2, 3);
    }
    assert_int_equal(vm->state, VM_RUNNING);
}

struct extension {
    uint64_t id;
    uint64_t functions; /* how many there are, from 0 */
};

static const struct extension extensions[] = {
    {SBI_EXT_BASE, 7}, {SBI_EXT_TIME, 1}, {SBI_EXT_IPI, 1}, {SBI_EXT_RFENCE, 3}, {SBI_EXT_HSM, 4},
    {SBI_EXT_SRST, 1}, {SBI_EXT_DBCN, 3}, {SBI_EXT_PMU, 8}, {SBI_EXT_STA, 1},
};

static void other_functions_are_not_there(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(extensions); i++) {
        for (uint64_t function = extensions[i].functions; function < 20; function++)
            EXPECT_ERROR(SBI_ERR_NOT_SUPPORTED, extensions[i].id, function);
        EXPECT_ERROR(SBI_ERR_NOT_SUPPORTED, extensions[i].id, UINT64_MAX);
        EXPECT_ERROR(SBI_ERR_NOT_SUPPORTED, extensions[i].id, BIT(32));
        EXPECT_ERROR(SBI_ERR_NOT_SUPPORTED, extensions[i].id, BIT(63));
    }
    assert_int_equal(vm->state, VM_RUNNING);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_STARTED);
    assert_int_equal(vcpu->requests, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(the_index_is_complete),
        SBI_TEST(places_and_names_go_together),
        SBI_TEST(other_extensions_are_not_there),
        SBI_TEST(other_functions_are_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
