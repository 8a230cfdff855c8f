/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns that go to a vCPU which another one waits for.
 */
#include "queue_fixture.h"

#include "vm/prefer.h"

/* All of them are ready, and the first one runs. */
static void start_all(void)
{
    queue_take();
    for (unsigned i = 1; i < QUEUE_VCPUS; i++) {
        hart_start_vcpu(vm, i);
        queue_take();
    }
    assert_ptr_equal(hart.running, vcpu);
}

static void who_is_asked_for_is_next(void **state)
{
    (void)state;
    start_all();
    vscsr_hart.time += SLICE / 4;
    prefer_ask(&vm->vcpus[2]);
    assert_ptr_equal(queue_take(), &vm->vcpus[2]);
    assert_int_equal(queue_timer(&vm->vcpus[2]), vscsr_hart.time + SLICE / 10);
    assert_int_equal(hart.ready_count, QUEUE_VCPUS);
    assert_int_equal(leaves, 1); /* of the place */
    assert_false(prefer_is_asked(&hart.home));
    vscsr_hart.time += SLICE;
    assert_ptr_equal(queue_take(), &vm->vcpus[1]);
}

/* A pass to one that may not go first is still a pass. */
static void who_is_far_ahead_waits(void **state)
{
    (void)state;
    start_all();
    vm->vcpus[2].turn.virtual_time += 2 * policy_virtual(&vm->vcpus[2].turn, SLICE);
    prefer_ask(&vm->vcpus[2]);
    assert_ptr_equal(queue_take(), vcpu);
    prefer_ask(&vm->vcpus[2]);
    queue_pass(&hart);
    assert_ptr_equal(queue_take(), &vm->vcpus[1]);
    assert_int_equal(leaves, 2);
}

static void who_does_not_wait_here_is_not_preferred(void **state)
{
    struct vcpu_home other = {.hartid = 1};

    (void)state;
    start_all();
    prefer_ask(vcpu); /* it runs */
    assert_ptr_equal(queue_take(), vcpu);
    prefer_ask(&vm->vcpus[1]); /* it moves meanwhile */
    vm->vcpus[1].home = &other;
    assert_ptr_equal(queue_take(), vcpu);
    vm->vcpus[1].home = &hart.home;
    vscsr_hart.csrs.vsie = SIP_STIP;
    vscsr_hart.csrs.vstimecmp = vscsr_hart.time + SLICE;
    queue_block(&hart, vcpu);
    prefer_ask(vcpu); /* it sleeps */
    assert_ptr_equal(queue_take(), &vm->vcpus[1]);
    assert_int_equal(leaves, 3);
}

/* A cap is not for others to lift. */
static void who_is_held_by_its_cap_stays_so(void **state)
{
    (void)state;
    start_all();
    vm->config.cap = 50;
    vm->cap_until = vscsr_hart.time + SLICE;
    assert_null(queue_take());
    prefer_ask(&vm->vcpus[1]);
    assert_null(queue_take());
    vscsr_hart.time += SLICE;
    assert_non_null(queue_take());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(who_is_asked_for_is_next),
        QUEUE_TEST(who_is_far_ahead_waits),
        QUEUE_TEST(who_does_not_wait_here_is_not_preferred),
        QUEUE_TEST(who_is_held_by_its_cap_stays_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
