/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The place of a hart where a vCPU is asked for, and the count that keeps its VM.
 */
#include "vm/prefer.h"

#include "fakes/machine.h"
#include "vcpu/usage.h"

static struct vcpu_home home, other;
static struct vm *vm;

static int start(void **state)
{
    int err = machine_setup(state);

    if (err)
        return err;
    home = other = (struct vcpu_home){0};
    vm = machine_add("a", 2, &home);
    vm->live_vcpus = 2;
    return 0;
}

static void due_is_who_could_run_and_has_no_hart(void **state)
{
    struct vcpu *vcpu = &vm->vcpus[1];

    (void)state;
    assert_false(prefer_is_due(vcpu));
    vcpu->is_blocked = 0;
    assert_true(prefer_is_due(vcpu));
    usage_begin(vcpu, 1);
    assert_false(prefer_is_due(vcpu));
}

static void its_home_is_asked_and_kicked(void **state)
{
    (void)state;
    vm->vcpus[1].home = &other;
    prefer_ask(&vm->vcpus[1]);
    assert_false(prefer_is_asked(&home));
    assert_true(prefer_is_asked(&other));
    assert_ptr_equal(kick_fake.last, &other);
    assert_ptr_equal(prefer_take(&other), &vm->vcpus[1]);
    assert_null(prefer_take(&other));
}

/* Also when all its vCPUs leave before the hart has looked. */
static void its_vm_stays_until_the_hart_has_looked(void **state)
{
    (void)state;
    prefer_ask(&vm->vcpus[1]);
    assert_false(vm_leave(vm));
    assert_false(vm_leave(vm));
    assert_true(vm_leave(prefer_take(&home)->vm));
}

static void there_is_one_place(void **state)
{
    (void)state;
    prefer_ask(&vm->vcpus[1]);
    prefer_ask(&vm->vcpus[0]);
    assert_int_equal(kick_fake.count, 1);
    assert_int_equal(vm->live_vcpus, 3);
    assert_ptr_equal(prefer_take(&home), &vm->vcpus[1]);
}

#define PREFER_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PREFER_TEST(due_is_who_could_run_and_has_no_hart),
        PREFER_TEST(its_home_is_asked_and_kicked),
        PREFER_TEST(its_vm_stays_until_the_hart_has_looked),
        PREFER_TEST(there_is_one_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
