/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 9 (Hart State Management Extension): the edges of the state machine that a call takes by
 * itself. Those that the home hart takes are in sched/test_queue*.c.
 */
#include "sbi_call.h"

#define PC MACHINE_KERNEL

static uint64_t status_of(uint64_t id)
{
    EXPECT_ERROR(SBI_SUCCESS, SBI_EXT_HSM, SBI_HSM_HART_GET_STATUS, id);
    return sbi_value();
}

static void a_stopped_hart_starts(void **state)
{
    struct vcpu *target = &vm->vcpus[2];

    (void)state;
    EXPECT_VALUE(0, SBI_EXT_HSM, SBI_HSM_HART_START, 2, PC, 0xfedcba9876543210);
    assert_int_equal(status_of(2), SBI_HSM_START_PENDING);
    assert_int_equal(target->start_pc, PC);
    assert_int_equal(target->start_opaque, 0xfedcba9876543210);
    assert_int_equal(target->requests, VCPU_REQUEST_START);
    assert_ptr_equal(home.mail, target);
    assert_int_equal(kick_fake.count, 1);
}

static void only_a_stopped_hart_starts(void **state)
{
    const uint32_t states[] = {SBI_HSM_STARTED,   SBI_HSM_START_PENDING,   SBI_HSM_STOP_PENDING,
                               SBI_HSM_SUSPENDED, SBI_HSM_SUSPEND_PENDING, SBI_HSM_RESUME_PENDING};
    struct vcpu *target = &vm->vcpus[1];

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(states); i++) {
        target->hsm_state = states[i];
        target->start_pc = 7;
        EXPECT_ERROR(SBI_ERR_ALREADY_AVAILABLE, SBI_EXT_HSM, SBI_HSM_HART_START, 1, PC, 0);
        assert_int_equal(target->hsm_state, states[i]);
        assert_int_equal(target->start_pc, 7);
        assert_int_equal(target->requests, 0);
    }
    EXPECT_ERROR(SBI_ERR_ALREADY_AVAILABLE, SBI_EXT_HSM, SBI_HSM_HART_START, 0, PC, 0);
}

static void the_second_starter_is_too_late(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_HSM, SBI_HSM_HART_START, 1, PC, 1);
    EXPECT_ERROR(SBI_ERR_ALREADY_AVAILABLE, SBI_EXT_HSM, SBI_HSM_HART_START, 1, PC + 4, 2);
    assert_int_equal(vm->vcpus[1].start_pc, PC);
    assert_int_equal(vm->vcpus[1].start_opaque, 1);
}

static void harts_that_are_not_there(void **state)
{
    const uint64_t ids[] = {SBI_VCPUS, SBI_VCPUS + 1, BIT(32), BIT(63), UINT64_MAX};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(ids); i++) {
        EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_HSM, SBI_HSM_HART_START, ids[i], PC, 0);
        EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_HSM, SBI_HSM_HART_GET_STATUS, ids[i]);
    }
}

/* Where no instruction can be: outside of RAM, or odd. */
static const uint64_t bad_addresses[] = {0,
                                         1,
                                         BOARD_UART_BASE,
                                         BOARD_RAM_BASE - 2,
                                         BOARD_RAM_BASE + 1,
                                         BOARD_RAM_BASE + MACHINE_RAM,
                                         BOARD_RAM_BASE + MACHINE_RAM - 1,
                                         BIT(41) | BOARD_RAM_BASE,
                                         UINT64_MAX,
                                         UINT64_MAX - 1};

static void addresses_without_an_instruction(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(bad_addresses); i++) {
        EXPECT_ERROR(SBI_ERR_INVALID_ADDRESS, SBI_EXT_HSM, SBI_HSM_HART_START, 1, bad_addresses[i],
                     0);
        EXPECT_ERROR(SBI_ERR_INVALID_ADDRESS, SBI_EXT_HSM, SBI_HSM_HART_SUSPEND,
                     SBI_HSM_SUSPEND_NON_RETENTIVE, bad_addresses[i], 0);
    }
    assert_int_equal(status_of(1), SBI_HSM_STOPPED);
    assert_int_equal(status_of(0), SBI_HSM_STARTED);
    EXPECT_VALUE(0, SBI_EXT_HSM, SBI_HSM_HART_START, 1, BOARD_RAM_BASE + MACHINE_RAM - 2, 0);
}

static void the_status_is_the_state(void **state)
{
    (void)state;
    assert_int_equal(status_of(0), SBI_HSM_STARTED);
    assert_int_equal(status_of(3), SBI_HSM_STOPPED);
    for (uint32_t hsm = SBI_HSM_STARTED; hsm <= SBI_HSM_RESUME_PENDING; hsm++) {
        vm->vcpus[1].hsm_state = hsm;
        assert_int_equal(status_of(1), hsm);
    }
}

static void stopping_does_not_return(void **state)
{
    (void)state;
    CALL(SBI_EXT_HSM, SBI_HSM_HART_STOP, 1, 2, 3);
    assert_int_equal(verdict, EXIT_WAIT);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_STOPPED);
    assert_int_equal(vcpu->requests, 0);
}

static void a_retentive_suspend_will_return_zero(void **state)
{
    (void)state;
    assert_int_equal(CALL(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, 0, 1, 2), SBI_SUCCESS);
    assert_int_equal(sbi_value(), 0);
    assert_int_equal(verdict, EXIT_WAIT);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_SUSPENDED);
    assert_false(vcpu->resumes_at_start); /* the address is not looked at */
}

static void the_other_suspend_will_begin_anew(void **state)
{
    (void)state;
    CALL(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, SBI_HSM_SUSPEND_NON_RETENTIVE, PC + 2, 99);
    assert_int_equal(verdict, EXIT_WAIT);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_SUSPENDED);
    assert_true(vcpu->resumes_at_start);
    assert_int_equal(vcpu->start_pc, PC + 2);
    assert_int_equal(vcpu->start_opaque, 99);
}

/* The type is 32 bits wide. */
static void the_upper_half_of_the_type_is_ignored(void **state)
{
    (void)state;
    CALL(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, BIT(32), 0, 0);
    assert_int_equal(verdict, EXIT_WAIT);
    assert_false(vcpu->resumes_at_start);
    vcpu->hsm_state = SBI_HSM_STARTED;
    CALL(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, 0xffffffff80000000, PC, 0);
    assert_int_equal(verdict, EXIT_WAIT);
    assert_true(vcpu->resumes_at_start);
}

static void other_types_are_refused(void **state)
{
    const uint32_t types[] = {1,          0x0fffffff, 0x10000000, 0x7fffffff,
                              0x80000001, 0x8fffffff, 0x90000000, 0xffffffff};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(types); i++) {
        EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, types[i], PC, 0);
        assert_int_equal(vcpu->hsm_state, SBI_HSM_STARTED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(a_stopped_hart_starts),
        SBI_TEST(only_a_stopped_hart_starts),
        SBI_TEST(the_second_starter_is_too_late),
        SBI_TEST(harts_that_are_not_there),
        SBI_TEST(addresses_without_an_instruction),
        SBI_TEST(the_status_is_the_state),
        SBI_TEST(stopping_does_not_return),
        SBI_TEST(a_retentive_suspend_will_return_zero),
        SBI_TEST(the_other_suspend_will_begin_anew),
        SBI_TEST(the_upper_half_of_the_type_is_ignored),
        SBI_TEST(other_types_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
