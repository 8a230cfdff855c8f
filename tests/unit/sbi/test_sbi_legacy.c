/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 5 (Legacy Extensions): a6 is ignored, a1 stays, masks are pointers whose faults are the
 * guest's.
 */
#include "sbi_call.h"

#include "riscv/csr.h"

#define MASK_GVA 0xffffffff80400008UL
#define A1       0x777UL

/* A legacy call: whatever a6 says; a1 is not touched. Returns a0. */
static int64_t legacy(enum sbi_legacy function, uint64_t a0)
{
    static const uint64_t any[] = {0, 1, UINT64_MAX};
    static unsigned turn;
    int64_t result = CALL(function, any[turn++ % 3], a0, A1);

    assert_int_equal(sbi_value(), A1);
    return result;
}

static void expect_success(enum sbi_legacy function, uint64_t a0)
{
    assert_int_equal(legacy(function, a0), 0);
    assert_int_equal(verdict, EXIT_ADVANCE);
}

static void the_timer_is_set(void **state)
{
    (void)state;
    expect_success(SBI_LEGACY_SET_TIMER, 123456);
    assert_int_equal(vscsr_hart.csrs.vstimecmp, 123456);
    caps.sstc = false;
    vscsr_hart.csrs.hvip = HVIP_VSTIP;
    expect_success(SBI_LEGACY_SET_TIMER, 654321);
    assert_int_equal(vcpu->csrs.vstimecmp, 654321);
    assert_int_equal(vscsr_hart.csrs.hvip, 0);
    assert_int_equal(vcpu->requests, VCPU_REQUEST_TIMER);
}

static void bytes_are_written_and_read(void **state)
{
    (void)state;
    expect_success(SBI_LEGACY_CONSOLE_PUTCHAR, 'A');
    expect_success(SBI_LEGACY_CONSOLE_PUTCHAR, 0x100 | 'B');
    assert_string_equal(sbi_console->out, "AB");
    assert_int_equal(legacy(SBI_LEGACY_CONSOLE_GETCHAR, 0), -1);
    tty_type(sbi_console, "\xffz");
    vm_console_poke(vm);
    assert_int_equal(legacy(SBI_LEGACY_CONSOLE_GETCHAR, 0), 0xff); /* not -1 */
    assert_int_equal(legacy(SBI_LEGACY_CONSOLE_GETCHAR, 0), 'z');
    assert_int_equal(legacy(SBI_LEGACY_CONSOLE_GETCHAR, 0), -1);
}

static void the_own_ipi_is_cleared(void **state)
{
    (void)state;
    vscsr_hart.csrs.hvip = HVIP_ALL;
    assert_int_equal(legacy(SBI_LEGACY_CLEAR_IPI, 0), 1); /* one was pending */
    assert_int_equal(verdict, EXIT_ADVANCE);
    assert_int_equal(vscsr_hart.csrs.hvip, HVIP_VSTIP | HVIP_VSEIP);
    expect_success(SBI_LEGACY_CLEAR_IPI, 0);
}

struct sending {
    enum sbi_legacy function;
    uint64_t request;
};

static const struct sending sendings[] = {
    {SBI_LEGACY_SEND_IPI, VCPU_REQUEST_INTERRUPT},
    {SBI_LEGACY_REMOTE_FENCE_I, VCPU_REQUEST_FENCE_I},
    {SBI_LEGACY_REMOTE_SFENCE_VMA, VCPU_REQUEST_FENCE_RANGE},
    {SBI_LEGACY_REMOTE_SFENCE_VMA_ASID, VCPU_REQUEST_FENCE_RANGE},
};

/* The caller itself fences at once, and has its IPI. */
static void expect_asked(uint64_t mask, uint64_t request)
{
    for (unsigned i = 0; i < SBI_VCPUS; i++) {
        bool is_asked = (mask & BIT(i)) && i != 0;

        assert_int_equal(vm->vcpus[i].requests, is_asked ? request : 0);
        vm->vcpus[i].requests = 0;
        vm->vcpus[i].fence.is_taken = 0;
    }
}

static void the_mask_is_read_from_the_guest(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(sendings); i++) {
        fetch_fake.value = 0xa;
        expect_success(sendings[i].function, MASK_GVA);
        assert_int_equal(fetch_fake.load_gva, MASK_GVA);
        expect_asked(0xa, sendings[i].request);
    }
    assert_int_equal(vm->vcpus[1].pending.level, HVIP_VSSIP);
    assert_int_equal(vm->vcpus[2].pending.level, 0);
}

/* SBI 5.7 and 5.8: start and size in a1 and a2, the ASID in a3. */
static void fences_have_ranges(void **state)
{
    const struct vma_range *range = &vm->vcpus[1].fence.range;

    (void)state;
    fetch_fake.value = 2;
    assert_int_equal(CALL(SBI_LEGACY_REMOTE_SFENCE_VMA, 0, MASK_GVA, 0x3000, 8192, 5), 0);
    assert_int_equal(range->start, 0x3000);
    assert_int_equal(range->pages, 2);
    assert_int_equal(range->asid, VMA_ANY_ASID);
    expect_asked(2, VCPU_REQUEST_FENCE_RANGE);
    assert_int_equal(CALL(SBI_LEGACY_REMOTE_SFENCE_VMA_ASID, 0, MASK_GVA, 0x3000, 8192, 5), 0);
    assert_int_equal(range->asid, 5);
    expect_asked(2, VCPU_REQUEST_FENCE_RANGE);
    assert_true(CALL(SBI_LEGACY_REMOTE_SFENCE_VMA, 0, MASK_GVA, UINT64_MAX, 2) < 0);
    expect_asked(0, 0);
}

static void a_null_pointer_names_all(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(sendings); i++) {
        expect_success(sendings[i].function, 0);
        expect_asked(0xf, sendings[i].request);
    }
    assert_int_equal(fetch_fake.loads, 0);
}

static void a_mask_of_other_harts_is_an_error(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(sendings); i++) {
        fetch_fake.value = 0x11;
        assert_true(legacy(sendings[i].function, MASK_GVA) < 0);
        assert_int_equal(verdict, EXIT_ADVANCE);
        expect_asked(0, 0);
    }
}

/* The guest gets the fault, with its pc still at the ECALL and its registers as they were. */
static void a_fault_of_the_pointer_is_the_guests(void **state)
{
    (void)state;
    fetch_fake.result = FETCH_FAULT;
    fetch_fake.fault = (struct exception){.cause = CAUSE_LOAD_PAGE_FAULT, .tval = MASK_GVA};
    for (unsigned i = 0; i < ARRAY_SIZE(sendings); i++) {
        vcpu->inject = (struct exception){0};
        assert_int_equal(legacy(sendings[i].function, MASK_GVA), MASK_GVA);
        assert_int_equal(verdict, EXIT_INJECT);
        assert_int_equal(vcpu->inject.cause, CAUSE_LOAD_PAGE_FAULT);
        assert_int_equal(vcpu->inject.tval, MASK_GVA);
        expect_asked(0, 0);
    }
    assert_int_equal(vcpu->regs.sepc, SBI_PC);
}

static void shutting_down_does_not_return(void **state)
{
    (void)state;
    legacy(SBI_LEGACY_SHUTDOWN, 0);
    assert_int_equal(verdict, EXIT_HALT);
    assert_int_equal(vm->state, VM_HALTED);
    assert_string_equal(vm->reason, "shut down by the legacy SBI call");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(the_timer_is_set),
        SBI_TEST(bytes_are_written_and_read),
        SBI_TEST(the_own_ipi_is_cleared),
        SBI_TEST(the_mask_is_read_from_the_guest),
        SBI_TEST(fences_have_ranges),
        SBI_TEST(a_null_pointer_names_all),
        SBI_TEST(a_mask_of_other_harts_is_an_error),
        SBI_TEST(a_fault_of_the_pointer_is_the_guests),
        SBI_TEST(shutting_down_does_not_return),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
