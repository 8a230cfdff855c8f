/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 8 (RFENCE Extension): who must fence, that the caller waits for those who run, and the
 * ranges.
 */
#include "sbi_call.h"

#include "vcpu/request.h"

#define PAGE 4096UL

static void expect_asked(uint64_t mask, uint64_t request)
{
    for (unsigned i = 0; i < SBI_VCPUS; i++) {
        assert_int_equal(vm->vcpus[i].requests, mask & BIT(i) ? request : 0);
        vm->vcpus[i].requests = 0;
    }
}

static void each_function_has_its_fence(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 0xf, 0);
    expect_asked(0xf, VCPU_REQUEST_FENCE_I);
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 3, 1, 0x1000, PAGE);
    expect_asked(6, VCPU_REQUEST_FENCE_VVMA);
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA_ASID, 0, UINT64_MAX, 0, 0, 17);
    expect_asked(0xf, VCPU_REQUEST_FENCE_VVMA);
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 0, 0, 0, 0);
    expect_asked(0, 0);
    assert_int_equal(kick_fake.count, 0); /* stopped ones sleep on */
}

static void the_guests_harts_have_no_hypervisor_extension(void **state)
{
    (void)state;
    for (uint64_t function = SBI_RFENCE_HFENCE_GVMA_VMID; function <= SBI_RFENCE_HFENCE_VVMA;
         function++)
        EXPECT_ERROR(SBI_ERR_NOT_SUPPORTED, SBI_EXT_RFENCE, function, 1, 0, 0, 0);
    expect_asked(0, 0);
}

static void a_wrong_mask_asks_nobody(void **state)
{
    (void)state;
    for (uint64_t function = SBI_RFENCE_FENCE_I; function <= SBI_RFENCE_SFENCE_VMA_ASID;
         function++) {
        EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_RFENCE, function, 0x11, 0, 0, 0);
        EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_RFENCE, function, 1, 4, 0, 0);
    }
    expect_asked(0, 0);
}

struct range {
    uint64_t start, size;
    int64_t error;
};

static const struct range ranges[] = {
    {0, 0, SBI_SUCCESS}, /* both ways to say "all" */
    {0, UINT64_MAX, SBI_SUCCESS},
    {0x1000, UINT64_MAX, SBI_SUCCESS},
    {UINT64_MAX, UINT64_MAX, SBI_SUCCESS},
    {0x1234, 1, SBI_SUCCESS}, /* no multiples of a page are asked for */
    {0x1000, 0, SBI_SUCCESS},
    {0, UINT64_MAX - 1, SBI_SUCCESS},
    {UINT64_MAX - PAGE, PAGE, SBI_SUCCESS},
    {-PAGE, PAGE, SBI_SUCCESS}, /* up to the last byte of all */
    {UINT64_MAX, 1, SBI_SUCCESS},
    {UINT64_MAX - PAGE, 2 * PAGE, SBI_ERR_INVALID_ADDRESS}, /* it wraps */
    {-PAGE, PAGE + 1, SBI_ERR_INVALID_ADDRESS},
    {UINT64_MAX, 2, SBI_ERR_INVALID_ADDRESS},
    {BIT(63), BIT(63) + 1, SBI_ERR_INVALID_ADDRESS},
};

static void ranges_may_not_wrap(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(ranges); i++) {
        uint64_t asked = ranges[i].error ? 0 : 2;

        EXPECT_ERROR(ranges[i].error, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 2, 0, ranges[i].start,
                     ranges[i].size);
        expect_asked(asked, VCPU_REQUEST_FENCE_VVMA);
        EXPECT_ERROR(ranges[i].error, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA_ASID, 2, 0,
                     ranges[i].start, ranges[i].size, 1);
        expect_asked(asked, VCPU_REQUEST_FENCE_VVMA);
    }
}

static void fence_i_has_no_range(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 2, 0, UINT64_MAX, 77);
    expect_asked(2, VCPU_REQUEST_FENCE_I);
}

/* The harts that run leave their guests only when all were kicked. A caller that waited for the
 * first before it kicked the second would wait for ever. */
static void leave_guests(const struct vcpu_home *of)
{
    (void)of;
    if (kick_fake.count == 2)
        vm->vcpus[1].in_guest = vm->vcpus[2].in_guest = 0;
}

static void the_caller_waits_for_those_who_run(void **state)
{
    (void)state;
    vm->vcpus[1].is_blocked = vm->vcpus[2].is_blocked = 0;
    vm->vcpus[1].in_guest = vm->vcpus[2].in_guest = 1;
    kick_fake.hook = leave_guests;
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 0xf, 0, 0, 0);
    assert_int_equal(kick_fake.count, 2);
    assert_int_equal(vm->vcpus[1].in_guest + vm->vcpus[2].in_guest, 0);
    expect_asked(0xf, VCPU_REQUEST_FENCE_VVMA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(each_function_has_its_fence),
        SBI_TEST(the_guests_harts_have_no_hypervisor_extension),
        SBI_TEST(a_wrong_mask_asks_nobody),
        SBI_TEST(ranges_may_not_wrap),
        SBI_TEST(fence_i_has_no_range),
        SBI_TEST(the_caller_waits_for_those_who_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
