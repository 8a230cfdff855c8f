/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The slot of a remote fence: asked, taken, free again. Every order of two askers and the home
 * hart: test_fence_slot_orders.c.
 */
#include "vcpu/fence_slot.h"

#include "fakes/kick.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct vma_range first = {.start = 0x1000, .pages = 2, .asid = 7};
static const struct vma_range second = {.start = 0x5000, .pages = 1, .asid = VMA_ANY_ASID};

static struct vcpu_home home;
static struct vcpu vcpu;

static int start(void **state)
{
    (void)state;
    kick_fake = (struct kick_fake){0};
    home = (struct vcpu_home){0};
    vcpu = (struct vcpu){.home = &home, .in_guest = 1};
    return 0;
}

static void expect_taken(const struct vma_range *expected)
{
    struct vma_range taken = fence_slot_take(&vcpu);

    vcpu.requests = 0;
    assert_int_equal(taken.start, expected->start);
    assert_int_equal(taken.pages, expected->pages);
    assert_int_equal(taken.asid, expected->asid);
}

static void a_range_is_asked_for_and_taken(void **state)
{
    (void)state;
    fence_slot_ask(&vcpu, &first);
    assert_int_equal(vcpu.requests, VCPU_REQUEST_FENCE_RANGE);
    assert_int_equal(kick_fake.count, 1);
    expect_taken(&first);
}

static void a_slot_that_was_taken_is_free_again(void **state)
{
    (void)state;
    fence_slot_ask(&vcpu, &first);
    expect_taken(&first);
    fence_slot_ask(&vcpu, &second);
    assert_int_equal(vcpu.requests, VCPU_REQUEST_FENCE_RANGE);
    expect_taken(&second);
}

static void who_finds_it_taken_asks_for_everything(void **state)
{
    (void)state;
    fence_slot_ask(&vcpu, &first);
    fence_slot_ask(&vcpu, &second);
    assert_int_equal(vcpu.requests, VCPU_REQUEST_FENCE_RANGE | VCPU_REQUEST_FENCE_VVMA);
    assert_int_equal(kick_fake.count, 2);
    expect_taken(&first);
}

/* A vCPU that does not run fences when it does. */
static void a_fence_wakes_nobody(void **state)
{
    (void)state;
    vcpu.in_guest = 0;
    vcpu.is_blocked = 1;
    fence_slot_ask(&vcpu, &first);
    fence_slot_ask(&vcpu, &second);
    assert_int_equal(kick_fake.count, 0);
    assert_int_equal(vcpu.is_blocked, 1);
    assert_null(home.mail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_range_is_asked_for_and_taken, start),
        cmocka_unit_test_setup(a_slot_that_was_taken_is_free_again, start),
        cmocka_unit_test_setup(who_finds_it_taken_asks_for_everything, start),
        cmocka_unit_test_setup(a_fence_wakes_nobody, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
