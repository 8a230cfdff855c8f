/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Caps: what a VM gets of a hart's time, alone on it and not, and that its pauses are slept.
 */
#include "queue_fixture.h"

#include "sched/cap.h"

static struct vm capped; /* for the arithmetic: a VM without vCPUs */

static int setup(void **state)
{
    memset(&capped, 0, sizeof(capped));
    return queue_setup(state);
}

static void without_a_cap_it_is_never_reached(void **state)
{
    (void)state;
    capped.cap_until = 2000001;
    assert_false(cap_is_set(&capped));
    assert_false(cap_is_reached(&capped, 2000000));
    capped.config.cap = 1;
    assert_true(cap_is_set(&capped));
    assert_true(cap_is_reached(&capped, 2000000));
}

static void what_was_had_is_paid_for(void **state)
{
    (void)state;
    capped.config.cap = 25;
    cap_charge(&capped, 1000, 51000);
    assert_int_equal(cap_until(&capped), 54000);
    assert_true(cap_is_reached(&capped, 53999));
    assert_false(cap_is_reached(&capped, 54000));
    cap_charge(&capped, 10, 54010);
    assert_int_equal(cap_until(&capped), 54040);
    /* Nothing is saved up while it sleeps. */
    cap_charge(&capped, 10, 100010);
    assert_int_equal(cap_until(&capped), 100040);
}

/* Two vCPUs on two harts have their time at once, and pay for both. */
static void all_vcpus_pay_together(void **state)
{
    (void)state;
    capped.config.cap = 150;
    cap_charge(&capped, 3000, 10000);
    cap_charge(&capped, 3000, 10000);
    assert_int_equal(cap_until(&capped), 11000);
}

static void turns_are_short_but_not_too_short(void **state)
{
    (void)state;
    capped.config.cap = 25;
    assert_int_equal(cap_slice(&capped, SLICE), SLICE / 4);
    capped.config.cap = 1;
    assert_int_equal(cap_slice(&capped, SLICE), SLICE / 10);
    capped.config.cap = 400;
    assert_int_equal(cap_slice(&capped, SLICE), SLICE);
}

/* As the loop does it: runs until the timer, for `ticks` in all; how long the first vCPU had the
 * hart. */
static uint64_t run_for(uint64_t ticks)
{
    uint64_t end = vscsr_hart.time + ticks, had = 0;

    while (vscsr_hart.time < end) {
        struct vcpu *running = queue_take();
        uint64_t next = queue_timer(running);

        assert_in_range(next, vscsr_hart.time + 1, end + SLICE * 100);
        had += running == vcpu ? next - vscsr_hart.time : 0;
        vscsr_hart.time = next;
    }
    return had;
}

static void alone_it_gets_no_more(void **state)
{
    const uint32_t percents[] = {1, 10, 25, 33, 50, 90};

    for (unsigned i = 0; i < ARRAY_SIZE(percents); i++) {
        vm->config.cap = percents[i];
        assert_in_range(run_for(1000 * SLICE), 10 * SLICE * percents[i] - SLICE,
                        10 * SLICE * percents[i] + SLICE);
        machine_teardown(state);
        setup(state);
    }
}

static void beside_a_busy_one_too(void **state)
{
    struct vm *other = hart_add("b", 1, &hart);

    (void)state;
    vm->config.cap = 25;
    assert_in_range(run_for(1000 * SLICE), 249 * SLICE, 251 * SLICE);
    assert_int_equal(other->vcpus[0].hsm_state, SBI_HSM_STARTED);
}

/* Its weight would give it less. */
static void a_cap_is_no_guarantee(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        hart_add("b", 1, &hart);
    vm->config.cap = 90;
    assert_in_range(run_for(1000 * SLICE), 249 * SLICE, 251 * SLICE);
}

/* While it is held back, the hart sleeps, and its CSRs are not in it: its timer could fire. */
static void a_pause_is_slept(void **state)
{
    (void)state;
    vm->config.cap = 25;
    assert_ptr_equal(queue_take(), vcpu);
    assert_false(queue_may_sleep(&hart)); /* WFI would count */
    assert_int_equal(queue_timer(vcpu), 1000 + SLICE / 4);
    vscsr_hart.time = 1000 + SLICE / 4;
    assert_null(queue_take());
    assert_null(vscsr_hart.loaded);
    assert_int_equal(vcpu->is_blocked, 0);
    assert_int_equal(queue_timer(NULL), 1000 + SLICE);
    vcpu_interrupt(vcpu, HVIP_VSSIP, true); /* it sees it in time */
    assert_null(queue_take());
    vscsr_hart.time = 1000 + SLICE;
    assert_ptr_equal(queue_take(), vcpu);
    assert_true(vcpu->requests & VCPU_REQUEST_INTERRUPT);
}

/* A sibling waited for its turn meanwhile: it is put aside, too. */
static void a_sibling_is_held_back_with_it(void **state)
{
    (void)state;
    vm->config.cap = 50;
    queue_take();
    hart_start_vcpu(vm, 1);
    assert_ptr_equal(queue_take(), vcpu);
    vscsr_hart.time += SLICE / 2;
    assert_null(queue_take());
    assert_int_equal(hart.ready_count, 0);
    vscsr_hart.time += SLICE / 2;
    assert_non_null(queue_take());
    assert_int_equal(hart.ready_count, 2);
}

#define CAP_TEST(test) cmocka_unit_test_setup_teardown(test, setup, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CAP_TEST(without_a_cap_it_is_never_reached),
        CAP_TEST(what_was_had_is_paid_for),
        CAP_TEST(all_vcpus_pay_together),
        CAP_TEST(turns_are_short_but_not_too_short),
        CAP_TEST(alone_it_gets_no_more),
        CAP_TEST(beside_a_busy_one_too),
        CAP_TEST(a_cap_is_no_guarantee),
        CAP_TEST(a_pause_is_slept),
        CAP_TEST(a_sibling_is_held_back_with_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
