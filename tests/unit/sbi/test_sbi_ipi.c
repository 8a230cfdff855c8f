/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 7 (IPI Extension).
 */
#include "sbi_call.h"

#include "riscv/csr.h"
#include "vcpu/request.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(each_hart_of_the_mask_gets_one),
        SBI_TEST(the_caller_may_be_one),
        SBI_TEST(all_of_them),
        SBI_TEST(nobody),
        SBI_TEST(a_wrong_mask_sends_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
