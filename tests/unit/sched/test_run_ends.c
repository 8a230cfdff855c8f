/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Machines that end, with their vCPUs running, waiting in the queue, asleep or stopped: each leaves
 * once, and enters its guest no more. And machines that begin again.
 */
#include "run_fixture.h"

static struct hart other;

static int setup(void **state)
{
    queue_init(&other, 1, 1, &fair_policy);
    return run_setup(state);
}

static void expect_over(const struct vm *vm)
{
    assert_int_equal(vm->live_vcpus, 0);
    assert_int_equal(hart.ready_count, 0);
    assert_true(heap_is_empty(&hart.sleepers));
    assert_null(hart.loaded);
}

static void a_machine_shuts_down(void **state)
{
    struct vm *vm = hart_add("a", 1, &hart);

    (void)state;
    assert_int_equal(RUN(CALLS(shut_down)), END_EXIT);
    trace_check("load+drop:a0 timer:none fence.vvma fence.i enter:a0 save:a0 exit:0");
    assert_string_equal(lives_printed, "understudy: a: shut down by SBI SRST\n");
    assert_int_equal(vm->state, VM_HALTED);
    expect_over(vm);
}

/* vCPU 1 runs, 0 waits for its turn, 2 sleeps, 3 was never started. */
static void all_its_vcpus_leave(void **state)
{
    struct vm *vm = hart_add("a", 4, &hart);

    (void)state;
    RUN(CALLS(start_second_sibling), INTERRUPTED_AFTER(SLICE), WAITS_AFTER(enable_ipis),
        CALLS(start_sibling));
    assert_int_equal(hart.ready_count, 2);
    assert_int_equal(vm->vcpus[2].is_blocked + vm->vcpus[3].is_blocked, 2);
    trace_reset();
    assert_int_equal(RUN(CALLS(shut_down)), END_EXIT);
    trace_check("timer:21000 enter:a1 save:a1 load:a0 timer:none save:a0 exit:0");
    expect_over(vm);
}

/* vm_stop by somebody else, before the next entry. */
static void a_stop_comes_from_outside(void **state)
{
    struct vm *vm = hart_add("a", 1, &hart);

    (void)state;
    RUN(CALLS(ask_version));
    trace_reset();
    vm_stop(vm, VM_HALTED, "because");
    assert_int_equal(run_on(&hart, NULL, 0), END_EXIT);
    trace_check("timer:none save:a0 exit:0");
    assert_string_equal(lives_printed, "understudy: a: because\n");
    expect_over(vm);
}

static void a_crash_takes_that_machine_alone(void **state)
{
    struct vm *first = hart_add("a", 1, &hart), *second;

    (void)state;
    RUN(CALLS(ask_version));
    second = hart_add("b", 1, &hart);
    assert_int_equal(RUN({.trap = {.scause = CAUSE_HARDWARE_ERROR}}, CALLS(ask_version)),
                     END_SCRIPT);
    assert_int_equal(first->state, VM_CRASHED);
    assert_int_equal(second->state, VM_RUNNING);
    assert_ptr_equal(strstr(lives_printed,
                            "understudy: error: a: a trap that no guest can raise\n"),
                     lives_printed);
    assert_non_null(strstr(lives_printed, "vCPU 0 in VS-mode at pc 0x80200004\n"));
    assert_int_equal(RUN(CALLS(shut_down)), END_EXIT);
    assert_int_equal(board_fake.status, PLATFORM_CRASHED);
    expect_over(second);
}

static void leave_a_mark(struct vcpu *vcpu)
{
    vcpu->regs.x[REG_SP] = 99;
    vscsr_hart.csrs.vstvec = 0x1234;
    vscsr_hart.csrs.vsie = SIP_SSIP;
    reboot(vcpu);
}

static void a_reset_begins_anew(void **state)
{
    struct vm *vm = hart_add("a", 1, &hart);

    (void)state;
    assert_int_equal(RUN(CALLS(ask_version), CALLS(leave_a_mark)), END_SCRIPT);
    trace_check("load+drop:a0 timer:none fence.vvma fence.i enter:a0 enter:a0 save:a0 fence.i "
                "load:a0 timer:none fence.vvma fence.i enter:a0");
    assert_int_equal(vm->state, VM_RUNNING);
    assert_int_equal(vm->live_vcpus, 1);
    assert_int_equal(vm->vcpus[0].regs.sepc, MACHINE_KERNEL);
    assert_int_equal(vm->vcpus[0].regs.x[REG_SP], 0);
    assert_int_equal(vscsr_hart.csrs.vstvec, 0);
    assert_int_equal(vscsr_hart.csrs.vsie, 0);
    assert_string_equal(lives_printed, "");
    assert_int_equal(RUN(CALLS(reboot), CALLS(shut_down)), END_EXIT);
    expect_over(vm);
}

/* The last one to leave is on another hart; the first one begins on its own again. */
static void a_reset_of_vcpus_on_two_harts(void **state)
{
    struct vm *vm = hart_add("a", 2, &hart);

    (void)state;
    vm->vcpus[1].home = &other.home;
    assert_int_equal(RUN(CALLS(reboot)), END_ASLEEP);
    assert_int_equal(vm->state, VM_RESETTING);
    assert_int_equal(vm->live_vcpus, 1);
    assert_int_equal(run_on(&other, NULL, 0), END_ASLEEP);
    assert_int_equal(vm->state, VM_RUNNING);
    assert_int_equal(vm->live_vcpus, 2);
    assert_ptr_equal(kick_fake.last, &hart.home);
    assert_int_equal(RUN(CALLS(shut_down)), END_ASLEEP);
    assert_int_equal(run_on(&other, NULL, 0), END_EXIT);
    expect_over(vm);
}

static void pause_myself(struct vcpu *vcpu)
{
    assert_true(vm_pause(vcpu->vm));
    ask_version(vcpu);
}

/* The hart that lets the last one leave lets the first one begin again: mail of its own, for which
 * nobody kicks it. */
static void a_reset_while_it_sleeps(void **state)
{
    struct vm *vm = hart_add("a", 1, &hart);

    (void)state;
    assert_int_equal(RUN(CALLS(pause_myself)), END_ASLEEP);
    assert_int_equal(life_reset(vm->backs.machine), 0);
    assert_int_equal(RUN(CALLS(ask_version)), END_SCRIPT);
    assert_int_equal(vm->state, VM_RUNNING);
    assert_int_equal(vm->vcpus[0].regs.sepc, MACHINE_KERNEL + 4);
}

static void another_machine_runs_on_through_a_reset(void **state)
{
    struct vm *vm = hart_add("b", 1, &hart);

    (void)state;
    RUN(CALLS(ask_version));
    hart_add("a", 1, &hart);
    assert_int_equal(RUN(INTERRUPTED_AFTER(SLICE), CALLS(reboot), CALLS(ask_version)), END_SCRIPT);
    assert_int_equal(vm->state, VM_RUNNING);
    assert_int_equal(hart.ready_count, 2);
}

/* Off the hart at the next exit, which is still served; then it goes on behind that. */
static void a_paused_machine_has_no_hart(void **state)
{
    struct vm *vm = hart_add("a", 1, &hart);

    (void)state;
    assert_int_equal(RUN(CALLS(ask_version), CALLS(pause_myself), CALLS(ask_version)), END_ASLEEP);
    assert_null(hart.loaded);
    assert_int_equal(vm->vcpus[0].regs.sepc, MACHINE_KERNEL + 8);
    assert_true(life_is_still(vm->backs.machine));
    assert_true(vm_resume(vm));
    assert_false(life_is_still(vm->backs.machine));
    assert_int_equal(RUN(CALLS(ask_version)), END_SCRIPT);
    assert_int_equal(vm->vcpus[0].regs.sepc, MACHINE_KERNEL + 12);
}

/* What is told at a crash, and by people's questions. */
static void the_last_exits_are_kept(void **state)
{
    struct vm *vm = hart_add("a", 1, &hart);
    const struct vcpu *vcpu = &vm->vcpus[0];

    (void)state;
    assert_null(vcpu_trap_back(vcpu, 0));
    RUN(CALLS(ask_version), INTERRUPTED_AFTER(5));
    assert_int_equal(vcpu_trap_back(vcpu, 0)->scause, CAUSE_INTERRUPT | INTERRUPT_STI);
    assert_int_equal(vcpu_trap_back(vcpu, 0)->pc, MACHINE_KERNEL + 4);
    assert_int_equal(vcpu_trap_back(vcpu, 1)->scause, CAUSE_ECALL_VS);
    assert_int_equal(vcpu_trap_back(vcpu, 1)->pc, MACHINE_KERNEL);
    assert_null(vcpu_trap_back(vcpu, 2));
    for (unsigned i = 0; i < VCPU_TRAPS_COUNT; i++)
        RUN(CALLS(ask_version));
    assert_int_equal(life_exits(vm->backs.machine), VCPU_TRAPS_COUNT + 2);
    assert_int_equal(vcpu_trap_back(vcpu, VCPU_TRAPS_COUNT - 1)->pc, MACHINE_KERNEL + 4);
    assert_null(vcpu_trap_back(vcpu, VCPU_TRAPS_COUNT));
    RUN(CALLS(reboot), CALLS(ask_version));
    assert_int_equal(vcpu_trap_back(vcpu, 0)->pc, MACHINE_KERNEL);
    assert_null(vcpu_trap_back(vcpu, 1)); /* that was another life */
}

/* While it has a hart, and not while it sleeps, through all its lives. */
static void its_time_is_counted(void **state)
{
    struct machine *machine = hart_add("a", 1, &hart)->backs.machine;
    uint64_t tick = caps_ns(1);

    (void)state;
    assert_int_equal(life_time(machine), 0);
    RUN(INTERRUPTED_AFTER(300), CALLS(ask_version));
    assert_int_equal(life_time(machine), 300 * tick);
    vscsr_hart.time += 20; /* it still has it */
    assert_int_equal(life_time(machine), 320 * tick);
    RUN(WAITS);
    vscsr_hart.time += 1000;
    assert_int_equal(life_time(machine), 320 * tick);
    vm_stop(machine->vm, VM_RESETTING, "once more");
    run_on(&hart, NULL, 0); /* until the mail of its start */
    RUN(INTERRUPTED_AFTER(7));
    assert_int_equal(life_time(machine), 327 * tick);
}

#define ENDS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ENDS_TEST(a_machine_shuts_down),         ENDS_TEST(all_its_vcpus_leave),
        ENDS_TEST(a_stop_comes_from_outside),    ENDS_TEST(a_crash_takes_that_machine_alone),
        ENDS_TEST(a_reset_begins_anew),          ENDS_TEST(a_reset_of_vcpus_on_two_harts),
        ENDS_TEST(a_reset_while_it_sleeps),      ENDS_TEST(another_machine_runs_on_through_a_reset),
        ENDS_TEST(a_paused_machine_has_no_hart), ENDS_TEST(the_last_exits_are_kept),
        ENDS_TEST(its_time_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
