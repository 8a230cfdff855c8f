/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 7 (IPI Extension).
 */
#include "sbi_call.h"

#include "riscv/csr.h"
#include "vcpu/request.h"
#include "vcpu/usage.h"

/* A supervisor software interrupt is on its way to exactly the vCPUs of `mask`; the caller has its
 * own. */
static void expect_sent(uint64_t mask)
{
    assert_int_equal(vscsr_hart.csrs.hvip, mask & 1 ? HVIP_VSSIP : 0);
    for (unsigned i = 1; i < SBI_VCPUS; i++) {
        uint64_t expected = mask & BIT(i) ? HVIP_VSSIP : 0;

        assert_int_equal(vm->vcpus[i].pending.changed, expected);
        assert_int_equal(vm->vcpus[i].pending.level, expected);
        assert_int_equal(vm->vcpus[i].requests, expected ? VCPU_REQUEST_INTERRUPT : 0);
    }
}

static void each_hart_of_the_mask_gets_one(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 5, 1);
    expect_sent(0xa);
    assert_int_equal(kick_fake.count, 2);
}

static void the_caller_may_be_one(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, 0);
    expect_sent(1);
    assert_int_equal(kick_fake.count, 0);
    assert_int_equal(vcpu->requests, 0);
}

static void all_of_them(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 0, UINT64_MAX);
    expect_sent(0xf);
}

static void nobody(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 0, 0);
    expect_sent(0);
}

/* Check first, then change. */
static void a_wrong_mask_sends_none(void **state)
{
    (void)state;
    EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 0x1f, 0);
    EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 3, 3);
    EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, 4);
    EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, UINT64_MAX - 1);
    expect_sent(0);
    assert_int_equal(kick_fake.count, 0);
}

/* Could run, and has no hart. */
static void wait_for_a_hart(struct vcpu *of, struct vcpu_home *at)
{
    of->is_blocked = 0;
    of->hsm_state = SBI_HSM_STARTED;
    of->home = at;
}

static void who_waits_for_the_callers_hart_is_given_it(void **state)
{
    (void)state;
    wait_for_a_hart(&vm->vcpus[2], &home);
    assert_int_equal(CALL(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 0xe, 0), SBI_SUCCESS);
    assert_int_equal(verdict, EXIT_PASS);
    expect_sent(0xe);
    assert_ptr_equal(home.wanted, &vm->vcpus[2]);
}

static void who_waits_for_another_hart_is_asked_for_there(void **state)
{
    struct vcpu_home other = {.hartid = 1};

    (void)state;
    wait_for_a_hart(&vm->vcpus[1], &other);
    EXPECT_VALUE(0, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 2, 0);
    expect_sent(2);
    assert_null(home.wanted);
    assert_ptr_equal(other.wanted, &vm->vcpus[1]);
    assert_int_equal(kick_fake.count, 1);
    assert_ptr_equal(kick_fake.last, &other);
}

/* Waking is preference enough; and who has a hart needs none. */
static void who_sleeps_or_runs_is_not_asked_for(void **state)
{
    (void)state;
    wait_for_a_hart(&vm->vcpus[1], &home);
    usage_begin(&vm->vcpus[1], 1000);
    EXPECT_VALUE(0, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 0xe, 0);
    assert_null(home.wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(each_hart_of_the_mask_gets_one),
        SBI_TEST(the_caller_may_be_one),
        SBI_TEST(all_of_them),
        SBI_TEST(nobody),
        SBI_TEST(a_wrong_mask_sends_none),
        SBI_TEST(who_waits_for_the_callers_hart_is_given_it),
        SBI_TEST(who_waits_for_another_hart_is_asked_for_there),
        SBI_TEST(who_sleeps_or_runs_is_not_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
