/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Paused machines: whatever their vCPUs did and whatever comes for them, none has a hart; resumed,
 * nothing that came meanwhile is lost.
 */
#include "queue_fixture.h"

#include "vcpu/pending.h"

/* What run.c does when the vCPU that runs is asked to look at its machine's state. */
static void leave_hart(void)
{
    assert_true(vcpu->requests & VCPU_REQUEST_STATE);
    queue_block(&hart, vcpu);
}

static void expect_held(struct vcpu *of)
{
    assert_null(queue_take());
    assert_int_equal(of->is_blocked, 1);
    assert_int_equal(hart.ready_count, 0);
    assert_true(heap_is_empty(&hart.sleepers));
    assert_null(hart.loaded);
    assert_int_equal(queue_timer(NULL), UINT64_MAX);
}

static void who_runs_is_held_and_goes_on(void **state)
{
    (void)state;
    queue_run_first(0);
    assert_true(vm_pause(vm));
    leave_hart();
    expect_held(vcpu);
    assert_true(vm_resume(vm));
    assert_ptr_equal(queue_take(), vcpu);
    assert_null(hart.home.mail);
}

/* A timer of its guest does not wake it, nor does an interrupt; after the pause both are there. */
static void who_sleeps_sleeps_on(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP | SIP_STIP);
    vscsr_hart.csrs.vstimecmp = 5000;
    queue_block(&hart, vcpu);
    assert_int_equal(queue_timer(NULL), 5000);
    vm_pause(vm);
    expect_held(vcpu);
    vscsr_hart.time = 9000;
    expect_held(vcpu);
    vcpu_interrupt(vcpu, HVIP_VSSIP, true);
    assert_ptr_equal(hart.home.mail, vcpu);
    expect_held(vcpu);
    vm_resume(vm);
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(vscsr_hart.csrs.hvip & HVIP_VSSIP, HVIP_VSSIP);
}

/* WFI may end for no reason, a suspension may not. */
static void who_waited_returns_from_wfi_alone(void **state)
{
    (void)state;
    queue_run_first(0);
    queue_block(&hart, vcpu);
    vm_pause(vm);
    expect_held(vcpu);
    vm_resume(vm);
    assert_ptr_equal(queue_take(), vcpu);

    vcpu->hsm_state = SBI_HSM_SUSPENDED;
    queue_block(&hart, vcpu);
    vm_pause(vm);
    expect_held(vcpu);
    vm_resume(vm);
    expect_held(vcpu);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_SUSPENDED);
}

static void a_start_waits_for_the_resume(void **state)
{
    struct vcpu *sibling = &vm->vcpus[1];

    (void)state;
    queue_run_first(0);
    hart_start_vcpu(vm, 1);
    vm_pause(vm);
    leave_hart();
    expect_held(sibling);
    assert_int_equal(sibling->hsm_state, SBI_HSM_START_PENDING);
    vm_resume(vm);
    assert_non_null(queue_take());
    assert_int_equal(hart.ready_count, 2);
    assert_int_equal(sibling->hsm_state, SBI_HSM_STARTED);
    assert_int_equal(vm->vcpus[2].is_blocked, 1); /* never started, and not now */
}

static void a_stop_reaches_who_is_held(void **state)
{
    (void)state;
    queue_run_first(0);
    vm_pause(vm);
    leave_hart();
    expect_held(vcpu);
    vm_stop(vm, VM_HALTED, "enough");
    assert_null(queue_take());
    assert_int_equal(leaves, QUEUE_VCPUS);
}

/* Resumed before it left: it runs on. */
static void a_short_pause_is_none(void **state)
{
    (void)state;
    queue_run_first(0);
    vm_pause(vm);
    vm_resume(vm);
    leave_hart();
    assert_int_equal(hart.ready_count, 1);
    assert_ptr_equal(queue_take(), vcpu);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(who_runs_is_held_and_goes_on),      QUEUE_TEST(who_sleeps_sleeps_on),
        QUEUE_TEST(who_waited_returns_from_wfi_alone), QUEUE_TEST(a_start_waits_for_the_resume),
        QUEUE_TEST(a_stop_reaches_who_is_held),        QUEUE_TEST(a_short_pause_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
