/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 16 (Steal-time Accounting Extension): the place that a guest names.
 */
#include "sbi_call.h"

#include "vm/steal.h"

#define HERE (MACHINE_KERNEL + 0x1000)
#define END  (BOARD_RAM_BASE + MACHINE_RAM)

static void a_place_is_set_and_taken_back(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_STA, SBI_STA_SET_SHMEM, HERE, 0, 0);
    assert_int_equal(vcpu->steal.gpa, HERE);
    EXPECT_VALUE(0, SBI_EXT_STA, SBI_STA_SET_SHMEM, END - STEAL_SIZE, 0, 0);
    assert_int_equal(vcpu->steal.gpa, END - STEAL_SIZE);
    EXPECT_VALUE(0, SBI_EXT_STA, SBI_STA_SET_SHMEM, UINT64_MAX, UINT64_MAX, 0);
    assert_int_equal(vcpu->steal.gpa, VCPU_STEAL_NOWHERE);
}

struct place {
    uint64_t low, high, flags;
    int64_t error;
};

static const struct place places[] = {
    {HERE, 0, 1, SBI_ERR_INVALID_PARAM},
    {HERE, 0, BIT(63), SBI_ERR_INVALID_PARAM},
    {UINT64_MAX, UINT64_MAX, 1, SBI_ERR_INVALID_PARAM},
    {HERE + 8, 0, 0, SBI_ERR_INVALID_PARAM},
    {HERE + 63, 0, 0, SBI_ERR_INVALID_PARAM},
    {UINT64_MAX, 0, 0, SBI_ERR_INVALID_PARAM},
    {HERE, 1, 0, SBI_ERR_INVALID_ADDRESS},
    {HERE, UINT64_MAX, 0, SBI_ERR_INVALID_ADDRESS},
    {0, 0, 0, SBI_ERR_INVALID_ADDRESS},
    {END, 0, 0, SBI_ERR_INVALID_ADDRESS},
    {BOARD_UART_BASE, 0, 0, SBI_ERR_INVALID_ADDRESS},
    {-64UL, 0, 0, SBI_ERR_INVALID_ADDRESS},
};

static void wrong_places_change_nothing(void **state)
{
    (void)state;
    CALL(SBI_EXT_STA, SBI_STA_SET_SHMEM, HERE + 64, 0, 0);
    for (unsigned i = 0; i < ARRAY_SIZE(places); i++) {
        const struct place *place = &places[i];

        EXPECT_ERROR(place->error, SBI_EXT_STA, SBI_STA_SET_SHMEM, place->low, place->high,
                     place->flags);
        assert_int_equal(vcpu->steal.gpa, HERE + 64);
    }
}

static void a_hart_that_stops_is_told_no_more(void **state)
{
    (void)state;
    CALL(SBI_EXT_STA, SBI_STA_SET_SHMEM, HERE, 0, 0);
    CALL(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, SBI_HSM_SUSPEND_NON_RETENTIVE, MACHINE_KERNEL);
    assert_int_equal(vcpu->steal.gpa, HERE); /* it comes back */
    CALL(SBI_EXT_HSM, SBI_HSM_HART_STOP);
    assert_int_equal(vcpu->steal.gpa, VCPU_STEAL_NOWHERE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(a_place_is_set_and_taken_back),
        SBI_TEST(wrong_places_change_nothing),
        SBI_TEST(a_hart_that_stops_is_told_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
