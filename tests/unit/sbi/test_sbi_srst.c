/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 10 (System Reset Extension), by table of types and reasons.
 */
#include "sbi_call.h"

#define UPPER 0xabcdef0100000000UL

struct row {
    uint64_t type, reason;
    enum vm_state state;
    const char *text;
};

static const struct row rows[] = {
    {0, 0, VM_HALTED, "shut down by SBI SRST"},
    {0, 1, VM_CRASHED, "shut down by SBI SRST for a system failure"},
    {1, 0, VM_RESETTING, "reset by SBI SRST"},
    {2, 0, VM_RESETTING, "reset by SBI SRST"},
    {1, 1, VM_RESETTING, "reset by SBI SRST"},
    {2, 1, VM_RESETTING, "reset by SBI SRST"},
    /* Both are 32 bits wide. */
    {UPPER | 0, UPPER | 0, VM_HALTED, "shut down by SBI SRST"},
    {UPPER | 1, UPPER | 1, VM_RESETTING, "reset by SBI SRST"},
};

static void the_machine_stops(void **state)
{
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        CALL(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, rows[i].type, rows[i].reason);
        assert_int_equal(verdict, EXIT_HALT);
        assert_int_equal(vm->state, rows[i].state);
        assert_string_equal(vm->reason, rows[i].text);
        for (unsigned id = 0; id < SBI_VCPUS; id++)
            assert_true(vm->vcpus[id].requests & VCPU_REQUEST_STOP);
        machine_teardown(state);
        sbi_setup(state);
    }
}

static void what_is_reserved_is_refused(void **state)
{
    const uint32_t types[] = {3, 0xefffffff, 0xf0000000, 0xffffffff};
    const uint32_t reasons[] = {2, 0xdfffffff, 0xe0000000, 0xefffffff, 0xf0000000, 0xffffffff};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(types); i++)
        EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, types[i], 0);
    for (unsigned i = 0; i < ARRAY_SIZE(reasons); i++) {
        for (uint64_t type = SBI_SRST_SHUTDOWN; type <= SBI_SRST_WARM_REBOOT; type++)
            EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, type,
                         reasons[i]);
    }
    assert_int_equal(vm->state, VM_RUNNING);
    assert_int_equal(vm->vcpus[1].requests, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(the_machine_stops),
        SBI_TEST(what_is_reserved_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
