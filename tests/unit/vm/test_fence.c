/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_fence: from requests to fences.
 */
#include "fakes/machine.h"

#include "vcpu/fence_slot.h"

static struct vcpu_home home;
static struct vcpu *vcpu;

static int start(void **state)
{
    int err = machine_setup(state);

    if (err)
        return err;
    vcpu = &machine_add("a", 1, &home)->vcpus[0];
    machine_trap(vcpu, MACHINE_KERNEL);
    return 0;
}

static void requests_for_fences_are_carried_out(void **state)
{
    (void)state;
    vm_fence(vcpu, VCPU_REQUESTS_WAKING);
    trace_check("");
    vm_fence(vcpu, VCPU_REQUEST_FENCE_VVMA);
    trace_check("fence.vvma");
    vm_fence(vcpu, VCPU_REQUEST_FENCE_I | VCPU_REQUEST_START);
    trace_check("fence.i");
}

static void a_range_is_that_of_the_slot(void **state)
{
    static const struct vma_range range = {.start = 0x4000, .pages = 2, .asid = 3};

    (void)state;
    fence_slot_ask(vcpu, &range);
    vm_fence(vcpu, vcpu->requests);
    trace_check("fence.vvma:4000:3 fence.vvma:5000:3");
    assert_int_equal(vcpu->fence.is_taken, 0);
    fence_slot_ask(vcpu, &range);
    vm_fence(vcpu, VCPU_REQUEST_FENCE_RANGE | VCPU_REQUEST_FENCE_VVMA);
    trace_check("fence.vvma:4000:3 fence.vvma:5000:3 fence.vvma");
}

#define VM_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        VM_TEST(requests_for_fences_are_carried_out),
        VM_TEST(a_range_is_that_of_the_slot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
