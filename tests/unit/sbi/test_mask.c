/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hart masks: the edges by name, and any mask against a plain loop over the harts.
 */
#include "sbi/mask.h"

#include "lib/bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define VCPUS_MAX 512

static struct vcpu vcpus[VCPUS_MAX];

static struct vm make_vm(uint32_t count)
{
    return (struct vm){.vcpu_count = count, .vcpus = vcpus};
}

/* The hart numbers that a valid mask names, in order; ended by -1. */
static void expect_named(const struct vm *vm, uint64_t mask, uint64_t base, const int *expected)
{
    struct vcpu *vcpu;
    uint64_t next = 0;

    assert_true(mask_is_valid(vm, mask, base));
    while ((vcpu = mask_next(vm, mask, base, &next)))
        assert_int_equal(vcpu - vcpus, *expected++);
    assert_int_equal(*expected, -1);
    assert_null(mask_next(vm, mask, base, &next));
}

#define NAMES(...) ((const int[]){__VA_ARGS__, -1})

static void bits_count_from_the_base(void **state)
{
    struct vm vm = make_vm(8);

    (void)state;
    expect_named(&vm, 1, 0, NAMES(0));
    expect_named(&vm, 0xff, 0, NAMES(0, 1, 2, 3, 4, 5, 6, 7));
    expect_named(&vm, 0x81, 0, NAMES(0, 7));
    expect_named(&vm, 1, 7, NAMES(7));
    expect_named(&vm, 5, 3, NAMES(3, 5));
}

static void the_base_minus_one_names_all(void **state)
{
    struct vm vm = make_vm(3);

    (void)state;
    expect_named(&vm, 0, SBI_MASK_ALL, NAMES(0, 1, 2));
    expect_named(&vm, 2, SBI_MASK_ALL, NAMES(0, 1, 2)); /* the bits are ignored */
    expect_named(&vm, UINT64_MAX, SBI_MASK_ALL, NAMES(0, 1, 2));
}

static void an_empty_mask_names_nobody(void **state)
{
    const int nobody[] = {-1};
    struct vm vm = make_vm(3);

    (void)state;
    expect_named(&vm, 0, 0, nobody);
    expect_named(&vm, 0, 2, nobody);
}

static void harts_that_are_not_there_are_refused(void **state)
{
    struct vm vm = make_vm(3);

    (void)state;
    assert_true(mask_is_valid(&vm, 7, 0));
    assert_false(mask_is_valid(&vm, 8, 0));
    assert_false(mask_is_valid(&vm, 15, 0));
    assert_false(mask_is_valid(&vm, BIT(63), 0));
    assert_true(mask_is_valid(&vm, 1, 2));
    assert_false(mask_is_valid(&vm, 2, 2));
    assert_false(mask_is_valid(&vm, 1, 3));
    assert_false(mask_is_valid(&vm, 1, 4));
    assert_false(mask_is_valid(&vm, 1, UINT64_MAX - 1)); /* base + bit would wrap */
    assert_false(mask_is_valid(&vm, BIT(2), UINT64_MAX - 1));
    assert_false(mask_is_valid(&vm, 1, BIT(32)));
}

static void more_than_64_harts_by_their_base(void **state)
{
    struct vm vm = make_vm(130);

    (void)state;
    expect_named(&vm, BIT(63) | 1, 0, NAMES(0, 63));
    expect_named(&vm, BIT(63) | 1, 64, NAMES(64, 127));
    expect_named(&vm, BIT(63) | 1, 66, NAMES(66, 129));
    assert_false(mask_is_valid(&vm, BIT(63), 67));
    expect_named(&vm, 3, 128, NAMES(128, 129));
    assert_false(mask_is_valid(&vm, 4, 128));
}

static bool is_named(uint64_t mask, uint64_t base, uint64_t hart)
{
    return base == SBI_MASK_ALL || (hart >= base && hart - base < 64 && (mask & BIT(hart - base)));
}

static void expect_as_the_loop(const struct vm *vm, uint64_t mask, uint64_t base)
{
    uint64_t next = 0;

    if (!mask_is_valid(vm, mask, base))
        return;
    for (uint64_t hart = 0; hart < vm->vcpu_count; hart++) {
        if (is_named(mask, base, hart))
            assert_ptr_equal(mask_next(vm, mask, base, &next), &vcpus[hart]);
    }
    assert_null(mask_next(vm, mask, base, &next));
}

/* Valid exactly where each bit that is set is a hart. */
static void expect_valid_as_the_loop(const struct vm *vm, uint64_t mask, uint64_t base)
{
    bool is_valid = true;

    for (uint64_t bit = 0; bit < 64; bit++) {
        if ((mask & BIT(bit)) && base + bit >= vm->vcpu_count)
            is_valid = false;
    }
    assert_int_equal(mask_is_valid(vm, mask, base), is_valid);
}

static void any_mask_is_as_the_loop_says(void **state)
{
    uint64_t random = 20260304;

    (void)state;
    for (unsigned run = 0; run < 20000; run++) {
        struct vm vm = make_vm(1 + run % VCPUS_MAX);
        uint64_t mask, base;

        random = random * 6364136223846793005UL + 1442695040888963407UL;
        mask = random * 31 >> (random >> 58);
        base = (random >> 32) % (vm.vcpu_count + 2);
        expect_valid_as_the_loop(&vm, mask, base);
        expect_as_the_loop(&vm, mask, base);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_count_from_the_base),
        cmocka_unit_test(the_base_minus_one_names_all),
        cmocka_unit_test(an_empty_mask_names_nobody),
        cmocka_unit_test(harts_that_are_not_there_are_refused),
        cmocka_unit_test(more_than_64_harts_by_their_base),
        cmocka_unit_test(any_mask_is_as_the_loop_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
