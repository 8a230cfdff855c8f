/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 6 (Timer Extension), on harts with Sstc and without.
 */
#include "sbi_call.h"

#include "riscv/csr.h"

static void with_sstc_the_hart_takes_it(void **state)
{
    (void)state;
    vscsr_hart.csrs.hvip = HVIP_VSSIP | HVIP_VSEIP;
    EXPECT_VALUE(0, SBI_EXT_TIME, SBI_TIME_SET_TIMER, 0x123456789abcdef0);
    assert_int_equal(vscsr_hart.csrs.vstimecmp, 0x123456789abcdef0);
    assert_int_equal(vscsr_hart.timer_loads, 1);
    assert_int_equal(vscsr_hart.csrs.hvip, HVIP_VSSIP | HVIP_VSEIP);
    EXPECT_VALUE(0, SBI_EXT_TIME, SBI_TIME_SET_TIMER, UINT64_MAX);
    assert_int_equal(vscsr_hart.csrs.vstimecmp, UINT64_MAX);
}

/* The pending bit falls, and the scheduler is asked to look at the new time. */
static void without_sstc_the_scheduler_takes_it(void **state)
{
    const uint64_t times[] = {0, 1, 5000, UINT64_MAX};

    (void)state;
    caps.sstc = false;
    for (unsigned i = 0; i < ARRAY_SIZE(times); i++) {
        vcpu->requests = 0;
        vscsr_hart.csrs.hvip = HVIP_ALL;
        EXPECT_VALUE(0, SBI_EXT_TIME, SBI_TIME_SET_TIMER, times[i]);
        assert_int_equal(vcpu->csrs.vstimecmp, times[i]);
        assert_int_equal(vscsr_hart.csrs.hvip, HVIP_VSSIP | HVIP_VSEIP);
        assert_int_equal(vcpu->requests, VCPU_REQUEST_TIMER);
    }
    assert_int_equal(kick_fake.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(with_sstc_the_hart_takes_it),
        SBI_TEST(without_sstc_the_scheduler_takes_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
