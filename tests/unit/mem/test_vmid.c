/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMIDs by generations: when a fence is asked for, that no number is given twice between two
 * fences, and that pools do not take each other's numbers for their own.
 */
#include "mem/vmid.h"

#include "lib/assert.h"
#include "lib/bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define VCPUS 40

static struct vmid_pool pool;
static struct vmid vmids[VCPUS];

static int setup(void **state)
{
    (void)state;
    for (unsigned i = 0; i < VCPUS; i++)
        vmids[i] = (struct vmid){0};
    return 0;
}

static void the_first_take_fences(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits <= 14; bits++) {
        setup(state);
        vmid_pool_init(&pool, bits, 0);
        assert_true(vmid_take(&pool, &vmids[0]));
        assert_int_not_equal(vmids[0].generation, 0);
        assert_false(vmid_take(&pool, &vmids[0]));
        assert_int_equal(vmids[0].number, 0);
    }
}

static void without_bits_each_change_fences(void **state)
{
    (void)state;
    vmid_pool_init(&pool, 0, 3);
    for (unsigned i = 0; i < 1000; i++) {
        assert_true(vmid_take(&pool, &vmids[i % 2]));
        assert_int_equal(vmids[i % 2].number, 0);
        assert_false(vmid_take(&pool, &vmids[i % 2]));
    }
}

static void with_one_bit_two_vcpus_do_not_fence(void **state)
{
    (void)state;
    vmid_pool_init(&pool, 1, 0);
    assert_true(vmid_take(&pool, &vmids[0]));
    assert_false(vmid_take(&pool, &vmids[1]));
    assert_int_not_equal(vmids[0].number, vmids[1].number);
    for (unsigned i = 0; i < 100; i++)
        assert_false(vmid_take(&pool, &vmids[i % 2]));
    /* The third takes the numbers of both away. */
    assert_true(vmid_take(&pool, &vmids[2]));
    assert_false(vmid_take(&pool, &vmids[0]));
    assert_int_not_equal(vmids[0].number, vmids[2].number);
    assert_true(vmid_take(&pool, &vmids[1]));
    assert_true(vmids[1].number < 2);
}

static void with_14_bits_numbers_last_long(void **state)
{
    (void)state;
    vmid_pool_init(&pool, 14, 0);
    struct vmid first = {0}, vmid;
    assert_true(vmid_take(&pool, &first));
    for (unsigned i = 1; i < 1U << 14; i++) {
        vmid = (struct vmid){0};
        assert_false(vmid_take(&pool, &vmid));
        assert_int_equal(vmid.number, i);
    }
    assert_false(vmid_take(&pool, &first));
    vmid = (struct vmid){0};
    assert_true(vmid_take(&pool, &vmid));
    assert_int_equal(vmid.number, 0);
    assert_false(vmid_take(&pool, &first));
    assert_int_equal(first.number, 1);
}

/* What a hart's cache holds: for each number, the vCPU whose translations may be there. */
static void no_number_is_reused_without_a_fence(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits <= 5; bits++) {
        setup(state);
        unsigned cached[32] = {0}; /* vCPU + 1 */
        vmid_pool_init(&pool, bits, bits);
        uint32_t dice = 12345;
        for (unsigned i = 0; i < 5000; i++) {
            dice = dice * 1664525 + 1013904223;
            unsigned vcpu = (dice >> 16) % (1 + i % VCPUS);
            if (vmid_take(&pool, &vmids[vcpu])) {
                for (unsigned n = 0; n < 32; n++)
                    cached[n] = 0;
            }
            uint32_t number = vmids[vcpu].number;
            assert_true(number < 1U << bits);
            assert_true(cached[number] == 0 || cached[number] == vcpu + 1);
            cached[number] = vcpu + 1;
        }
    }
}

static void pools_do_not_share_generations(void **state)
{
    (void)state;
    static const uint32_t ids[] = {0, 1, 2, 65535};
    struct vmid_pool pools[ARRAY_SIZE(ids)];
    struct vmid moving = {0};
    for (unsigned i = 0; i < ARRAY_SIZE(ids); i++)
        vmid_pool_init(&pools[i], 4, ids[i]);
    /* A vCPU that comes to a hart always gets a number there that nobody had since the fence. */
    for (unsigned i = 0; i < 2000; i++) {
        struct vmid_pool *here = &pools[i % ARRAY_SIZE(ids)];
        uint64_t before = moving.generation;
        bool is_new = vmid_take(here, &moving);
        assert_int_not_equal(moving.generation, before);
        assert_int_equal(moving.generation, here->generation);
        assert_int_equal(is_new, here->next == 1);
        for (unsigned j = 0; j < ARRAY_SIZE(ids); j++)
            assert_true(&pools[j] == here || pools[j].generation != here->generation);
    }
}

static void our_mistakes_stop_the_machine(void **state)
{
    (void)state;
    expect_assert_failure(vmid_pool_init(&pool, 15, 0));
    expect_assert_failure(vmid_pool_init(&pool, 14, 65536));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_first_take_fences, setup),
        cmocka_unit_test_setup(without_bits_each_change_fences, setup),
        cmocka_unit_test_setup(with_one_bit_two_vcpus_do_not_fence, setup),
        cmocka_unit_test_setup(with_14_bits_numbers_last_long, setup),
        cmocka_unit_test_setup(no_number_is_reused_without_a_fence, setup),
        cmocka_unit_test_setup(pools_do_not_share_generations, setup),
        cmocka_unit_test_setup(our_mistakes_stop_the_machine, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
