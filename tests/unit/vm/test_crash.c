/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report of a crash, word for word.
 */
#include "vm/crash.h"

#include "fakes/machine.h"
#include "lib/print.h"

static struct vcpu_home home;
static char printed[1024];

static void sink(const char *text, size_t length)
{
    strncat(printed, text, length);
}

static int start(void **state)
{
    printed[0] = '\0';
    print_set_sink(sink);
    return machine_setup(state);
}

static void it_tells_who_where_why_and_what_before(void **state)
{
    struct vcpu *vcpu = &machine_add("a", 2, &home)->vcpus[1];
    struct trap trap = {.scause = CAUSE_INSN_GUEST_PAGE_FAULT,
                        .stval = 0x42,
                        .htval = 0x40,
                        .insn_len = 4};

    (void)state;
    machine_trap(vcpu, 0x40);
    vcpu->csrs.vstvec = 0x40;
    vcpu->csrs.vscause = CAUSE_LOAD_PAGE_FAULT;
    vcpu->csrs.vsepc = 0x80001000;
    vcpu->csrs.vstval = 0xdead;
    vm_crash(vcpu, &trap, "for a reason");
    vm_crash(vcpu, &(struct trap){.scause = 3, .insn_len = 4}, "too late");
    assert_string_equal(vcpu->vm->reason, "for a reason");
    assert_int_equal(vcpu->vm->vcpus[0].requests & VCPU_REQUEST_STOP, VCPU_REQUEST_STOP);
    crash_print(vcpu->vm);
    assert_string_equal(
        printed,
        "understudy: error:   vCPU 1 in VS-mode at pc 0x40\n"
        "understudy: error:   scause 20, instruction guest-page fault; stval 0x42\n"
        "understudy: error:   guest physical address 0x102 is not memory; that is 0x80000000 to "
        "0x803fffff\n"
        "understudy: error:   its own last trap, to stvec 0x40: scause 13, load page fault; sepc "
        "0x80001000, stval 0xdead\n");
}

static void a_trap_without_an_address_has_none(void **state)
{
    struct vcpu *vcpu = &machine_add("a", 1, &home)->vcpus[0];

    (void)state;
    machine_trap(vcpu, 0x80200000);
    vcpu->regs.hstatus = 0;
    vcpu->regs.sstatus = 0;
    vm_crash(vcpu, &(struct trap){.scause = CAUSE_HARDWARE_ERROR, .insn_len = 4}, "for a reason");
    crash_print(vcpu->vm);
    assert_non_null(strstr(printed, "vCPU 0 in VU-mode at pc 0x80200000\n"));
    assert_non_null(strstr(printed, "scause 19, hardware error; stval 0x0\n"));
    assert_null(strstr(printed, "guest physical"));
}

static void an_end_without_a_trap_says_no_more(void **state)
{
    struct vm *vm = machine_add("a", 1, &home);

    (void)state;
    vm_stop(vm, VM_CRASHED, "the guest said so");
    crash_print(vm);
    assert_string_equal(printed, "");
}

#define CRASH_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CRASH_TEST(it_tells_who_where_why_and_what_before),
        CRASH_TEST(a_trap_without_an_address_has_none),
        CRASH_TEST(an_end_without_a_trap_says_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
