/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An exception handed on as it is, and one that ends the machine.
 */
#include "exit/exit.h"

#include "fakes/machine.h"
#include "vm/debug.h"

static struct vcpu_home home;
static struct vcpu *vcpu;

static int start(void **state)
{
    int err = machine_setup(state);

    if (err)
        return err;
    vcpu = &machine_add("a", 2, &home)->vcpus[1];
    machine_trap(vcpu, 0x80200000);
    return 0;
}

static void it_is_handed_on(void **state)
{
    struct trap trap = {.scause = CAUSE_BREAKPOINT, .stval = 0x123, .htval = 4, .htinst = 5};

    (void)state;
    assert_int_equal(exit_reflect(vcpu, &trap), EXIT_INJECT);
    assert_int_equal(vcpu->inject.cause, CAUSE_BREAKPOINT);
    assert_int_equal(vcpu->inject.tval, 0x123);
    assert_int_equal(vcpu->regs.sepc, 0x80200000);
}

static void a_breakpoint_may_be_the_debuggers(void **state)
{
    struct trap trap = {.scause = CAUSE_BREAKPOINT, .stval = 0x123};

    (void)state;
    assert_int_equal(exit_breakpoint(vcpu, &trap), EXIT_INJECT);
    assert_int_equal(vcpu->inject.cause, CAUSE_BREAKPOINT);
    debug_begin(vcpu->vm);
    assert_int_equal(exit_breakpoint(vcpu, &trap), EXIT_HALT);
    assert_int_equal(vcpu->debug.has_event, 1);
    assert_true(vm_holds(vcpu));
}

static void the_first_reason_counts(void **state)
{
    struct trap trap = {.scause = CAUSE_HARDWARE_ERROR, .insn_len = 4};

    (void)state;
    assert_int_equal(exit_unexpected(vcpu, &trap), EXIT_HALT);
    trap.scause = 24;
    assert_int_equal(exit_unexpected(vcpu, &trap), EXIT_HALT);
    assert_int_equal(vcpu->vm->state, VM_CRASHED);
    assert_string_equal(vcpu->vm->reason, "a trap that no guest can raise");
    assert_int_equal(vcpu->vm->crash.trap.scause, CAUSE_HARDWARE_ERROR);
    assert_int_equal(vcpu->vm->crash.pc, 0x80200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_handed_on, start, machine_teardown),
        cmocka_unit_test_setup_teardown(a_breakpoint_may_be_the_debuggers, start, machine_teardown),
        cmocka_unit_test_setup_teardown(the_first_reason_counts, start, machine_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
