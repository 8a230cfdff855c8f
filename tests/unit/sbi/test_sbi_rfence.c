/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 8 (RFENCE Extension): who must fence, that the caller waits for those who run, and the
 * ranges.
 */
#include "sbi_call.h"

#include "vcpu/request.h"

#define PAGE 4096UL

/* Exactly the vCPUs of `mask` are asked; that is forgotten. The caller is none: it is done. */
static void expect_asked(uint64_t mask, uint64_t request)
{
    for (unsigned i = 0; i < SBI_VCPUS; i++) {
        assert_int_equal(vm->vcpus[i].requests, mask & BIT(i) ? request : 0);
        vm->vcpus[i].requests = 0;
        vm->vcpus[i].fence.is_taken = 0;
    }
}

/* As expect_asked, for a range. */
static void expect_range(uint64_t mask, uint64_t start, uint64_t pages, uint64_t asid)
{
    for (unsigned i = 0; i < SBI_VCPUS; i++) {
        const struct vma_range *range = &vm->vcpus[i].fence.range;

        if (mask & BIT(i)) {
            assert_int_equal(range->start, start);
            assert_int_equal(range->pages, pages);
            assert_int_equal(range->asid, asid);
        }
    }
    expect_asked(mask, VCPU_REQUEST_FENCE_RANGE);
}

static void each_function_has_its_fence(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 0xe, 0);
    expect_asked(0xe, VCPU_REQUEST_FENCE_I);
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 3, 1, 0x1000, PAGE);
    expect_range(6, 0x1000, 1, VMA_ANY_ASID);
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA_ASID, 3, 1, 0x1000, PAGE, 17);
    expect_range(6, 0x1000, 1, 17);
    trace_check("");
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 0, 0, 0, 0);
    expect_asked(0, 0);
    assert_int_equal(kick_fake.count, 0); /* stopped ones sleep on */
}

static void the_callers_own_fence_is_made_at_once(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 0xf, 0);
    expect_asked(0xe, VCPU_REQUEST_FENCE_I);
    trace_check("fence.i");
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 1, 0, 0x1800, PAGE);
    expect_asked(0, 0);
    trace_check("fence.vvma:1000 fence.vvma:2000");
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA_ASID, 0, UINT64_MAX, 0, 0, 17);
    expect_range(0xe, 0, 0, 17);
    trace_check("fence.vvma::11");
}

/* 16 bits are the most that satp holds. Priv 12.1.11 (satp) */
static void an_asid_that_cannot_be_means_all(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA_ASID, 2, 0, 0, 0, 0xffff);
    expect_range(2, 0, 0, 0xffff);
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA_ASID, 2, 0, 0, 0, 0x10000);
    expect_range(2, 0, 0, VMA_ANY_ASID);
}

static void a_slot_that_is_taken_widens_the_fence(void **state)
{
    (void)state;
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 2, 0, 0x1000, PAGE);
    EXPECT_VALUE(0, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 6, 0, 0x9000, PAGE);
    assert_int_equal(vm->vcpus[1].requests, VCPU_REQUEST_FENCE_RANGE | VCPU_REQUEST_FENCE_VVMA);
    assert_int_equal(vm->vcpus[1].fence.range.start, 0x1000);
    assert_int_equal(vm->vcpus[2].requests, VCPU_REQUEST_FENCE_RANGE);
    assert_int_equal(vm->vcpus[2].fence.range.start, 0x9000);
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
    uint64_t first, pages; /* what is fenced */
};

static const struct range ranges[] = {
    {0, 0, 0, 0, 0}, /* both ways to say "all" */
    {0, UINT64_MAX, 0, 0, 0},
    {0x1000, UINT64_MAX, 0, 0, 0},
    {UINT64_MAX, UINT64_MAX, 0, 0, 0},
    {0x1234, 1, 0, 0x1000, 1}, /* no multiples of a page are asked for */
    {0x1fff, 2, 0, 0x1000, 2},
    {0x1001, PAGE, 0, 0x1000, 2},
    {0, 1, 0, 0, 1},
    {0x1000, 0, 0, 0x1000, 1}, /* empty: one page too many does no harm */
    {0x2000, VMA_PAGES_MAX *PAGE, 0, 0x2000, VMA_PAGES_MAX},
    {0x2000, VMA_PAGES_MAX *PAGE + 1, 0, 0x2000, 0}, /* too long: all */
    {0x2fff, VMA_PAGES_MAX *PAGE, 0, 0x2000, 0},
    {0, UINT64_MAX - 1, 0, 0, 0},
    {UINT64_MAX - PAGE, PAGE, 0, -2 * PAGE, 2},
    {-PAGE, PAGE, 0, -PAGE, 1}, /* up to the last byte of all */
    {UINT64_MAX, 1, 0, -PAGE, 1},
    {UINT64_MAX - PAGE, 2 * PAGE, SBI_ERR_INVALID_ADDRESS, 0, 0}, /* it wraps */
    {-PAGE, PAGE + 1, SBI_ERR_INVALID_ADDRESS, 0, 0},
    {UINT64_MAX, 2, SBI_ERR_INVALID_ADDRESS, 0, 0},
    {BIT(63), BIT(63) + 1, SBI_ERR_INVALID_ADDRESS, 0, 0},
};

static void each_range_becomes_pages(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(ranges); i++) {
        const struct range *r = &ranges[i];
        uint64_t asked = r->error ? 0 : 2;

        EXPECT_ERROR(r->error, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 2, 0, r->start, r->size);
        expect_range(asked, r->pages ? r->first : vm->vcpus[1].fence.range.start, r->pages,
                     VMA_ANY_ASID);
        EXPECT_ERROR(r->error, SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA_ASID, 2, 0, r->start, r->size,
                     1);
        expect_range(asked, r->pages ? r->first : vm->vcpus[1].fence.range.start, r->pages, 1);
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
    expect_range(0xe, 0, 0, VMA_ANY_ASID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(each_function_has_its_fence),
        SBI_TEST(the_callers_own_fence_is_made_at_once),
        SBI_TEST(an_asid_that_cannot_be_means_all),
        SBI_TEST(a_slot_that_is_taken_widens_the_fence),
        SBI_TEST(the_guests_harts_have_no_hypervisor_extension),
        SBI_TEST(a_wrong_mask_asks_nobody),
        SBI_TEST(each_range_becomes_pages),
        SBI_TEST(fence_i_has_no_range),
        SBI_TEST(the_caller_waits_for_those_who_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
