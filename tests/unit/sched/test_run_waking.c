/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waking in the run loop: a sibling on the same hart, for which no IPI comes, and one on another
 * hart.
 */
#include "run_fixture.h"

static struct hart other;
static struct vm *vm;

static int setup(void **state)
{
    int err = run_setup(state);

    if (err)
        return err;
    queue_init(&other, 1, 1, &fair_policy);
    vm = hart_add("a", 2, &hart);
    return 0;
}

/* Both vCPUs have run and wait for IPIs. */
static void put_both_to_sleep(void)
{
    assert_int_equal(RUN(CALLS(start_sibling), WAITS_AFTER(enable_ipis), WAITS_AFTER(enable_ipis)),
                     END_ASLEEP);
    assert_int_equal(vm->vcpus[0].is_blocked + vm->vcpus[1].is_blocked, 2);
    trace_reset();
}

/* vCPU 0 goes on as if nothing had happened, but there is a slice for the other one now. */
static void a_started_sibling_gets_its_turn(void **state)
{
    (void)state;
    assert_int_equal(RUN(CALLS(start_sibling), INTERRUPTED_AFTER(SLICE)), END_SCRIPT);
    trace_check(
        "load+drop:a0 timer:none fence.vvma fence.i enter:a0 timer:11000 enter:a0 interrupts "
        "save:a0 load:a1 timer:21000 fence.vvma fence.i enter:a1");
    assert_int_equal(vm->vcpus[1].regs.sepc, MACHINE_KERNEL);
    assert_int_equal(vm->vcpus[1].regs.x[REG_A0], 1);
}

static void a_sibling_is_woken_by_an_ipi(void **state)
{
    (void)state;
    put_both_to_sleep();
    vcpu_interrupt(&vm->vcpus[0], HVIP_VSSIP, true);
    assert_int_equal(RUN(CALLS(send_ipi_to_sibling), INTERRUPTED_AFTER(SLICE)), END_SCRIPT);
    trace_check("load:a0 timer:none enter:a0 timer:11000 enter:a0 interrupts "
                "save:a0 load:a1 timer:21000 enter:a1");
    assert_int_equal(vscsr_hart.csrs.hvip, HVIP_VSSIP);
}

/* Whoever wakes them both: the hart sees them in one look. */
static void both_are_woken(void **state)
{
    (void)state;
    put_both_to_sleep();
    vcpu_interrupt(&vm->vcpus[1], HVIP_VSSIP, true);
    vcpu_interrupt(&vm->vcpus[0], HVIP_VSSIP, true);
    assert_int_equal(run_on(&hart, NULL, 0), END_SCRIPT);
    assert_int_equal(hart.ready_count, 2);
    assert_null(hart.home.mail);
}

/* While the idle hart looks at its interrupts, one of its vCPUs is woken: bytes have come, say. */
static void wake_first(void)
{
    vcpu_interrupt(&vm->vcpus[0], HVIP_VSSIP, true);
    board_fake.interrupts_hook = NULL;
}

static void wait_for_nothing(void)
{
    board_fake.wait_hook = NULL;
}

static void an_interrupt_of_the_host_wakes_one(void **state)
{
    (void)state;
    put_both_to_sleep();
    board_fake.wait_hook = wait_for_nothing;
    board_fake.interrupts_hook = wake_first;
    assert_int_equal(RUN(CALLS(ask_version)), END_SCRIPT);
    trace_check("timer:none wait interrupts load:a0 timer:none enter:a0 enter:a0");
}

/* It is started, wakes and sleeps on its own hart; this one only kicks. */
static void a_sibling_lives_on_another_hart(void **state)
{
    (void)state;
    vm->vcpus[1].home = &other.home;
    kick_fake.count = 0;
    assert_int_equal(RUN(CALLS(start_sibling), WAITS), END_ASLEEP);
    trace_check(
        "load+drop:a0 timer:none fence.vvma fence.i enter:a0 enter:a0 save:a0 timer:none wait");
    assert_int_equal(kick_fake.count, 1);
    assert_ptr_equal(kick_fake.last, &other.home);
    assert_int_equal(RUN_ON(&other, WAITS_AFTER(enable_ipis)), END_ASLEEP);
    trace_check("load+drop:a1 timer:none fence.vvma fence.i enter:a1 save:a1 timer:none wait");
    vcpu_interrupt(&vm->vcpus[1], HVIP_VSSIP, true);
    assert_int_equal(run_on(&hart, NULL, 0), END_ASLEEP);
    trace_check("timer:none wait");
    assert_int_equal(RUN_ON(&other, CALLS(ask_version)), END_SCRIPT);
    trace_check("load:a1 timer:none enter:a1 enter:a1");
}

static void put(uint64_t gpa, uint32_t value)
{
    assert_true(bus_write(&vm->bus, gpa, 4, value));
}

/* The RTC interrupts vCPU 1 at host time `tick`. */
static void set_alarm(uint64_t tick)
{
    put(BOARD_PLIC_BASE + 4UL * BOARD_RTC_IRQ, 1);
    put(BOARD_PLIC_BASE + 0x2000 + 3 * 0x80, 1U << BOARD_RTC_IRQ);
    put(BOARD_RTC_BASE + 0x10, 1);
    put(BOARD_RTC_BASE + 0x0c, 0);
    put(BOARD_RTC_BASE + 0x08, (uint32_t)(tick * 1000));
}

static void enable_externals(struct vcpu *vcpu)
{
    (void)vcpu;
    vscsr_hart.csrs.vsie = SIP_SEIP;
}

/* vCPU 0, which watches the clock, runs; the alarm wakes vCPU 1, which slept: its turn is now. */
static void an_alarm_wakes_a_sibling(void **state)
{
    (void)state;
    RUN(CALLS(start_sibling), INTERRUPTED_AFTER(SLICE), WAITS_AFTER(enable_externals));
    assert_int_equal(vm->vcpus[1].is_blocked, 1);
    set_alarm(20000);
    trace_reset();
    assert_int_equal(RUN(INTERRUPTED_AFTER(9001)), END_SCRIPT);
    trace_check("timer:20001 timer:20001 enter:a0 interrupts timer:none timer:none save:a0 load:a1 "
                "timer:30001 enter:a1");
    assert_int_equal(vscsr_hart.csrs.hvip, HVIP_VSEIP);
}

static void stop_self(struct vcpu *vcpu)
{
    vscsr_hart.csrs.vsie = SIP_STIP | SIP_SSIP;
    vscsr_hart.csrs.vstimecmp = 0; /* it leaves a timer that is due */
    run_call(vcpu, SBI_EXT_HSM, SBI_HSM_HART_STOP, 0, 0, 0);
}

/* A hart of the guest that stopped is not looked at, until it is started. */
static void a_stopped_one_stays_away(void **state)
{
    (void)state;
    assert_int_equal(RUN(CALLS(stop_self)), END_ASLEEP);
    trace_check("load+drop:a0 timer:none fence.vvma fence.i enter:a0 save:a0 timer:none wait");
    vcpu_interrupt(&vm->vcpus[0], HVIP_VSSIP, true);
    assert_int_equal(run_on(&hart, NULL, 0), END_ASLEEP);
    trace_check("timer:none wait");
    hart_start_vcpu(vm, 0);
    assert_int_equal(run_on(&hart, NULL, 0), END_SCRIPT);
    trace_check("load:a0 timer:none enter:a0");
    assert_int_equal(vm->vcpus[0].regs.sepc, MACHINE_KERNEL);
}

static void suspend_self(struct vcpu *vcpu)
{
    enable_ipis(vcpu);
    run_call(vcpu, SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, SBI_HSM_SUSPEND_RETENTIVE, 0, 0);
}

static void a_suspended_one_comes_back(void **state)
{
    struct vcpu *vcpu = &vm->vcpus[0];

    (void)state;
    assert_int_equal(RUN(CALLS(suspend_self)), END_ASLEEP);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_SUSPENDED);
    vcpu_interrupt(vcpu, HVIP_VSSIP, true);
    assert_int_equal(run_on(&hart, NULL, 0), END_SCRIPT);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_STARTED);
    assert_int_equal(vcpu->regs.sepc, MACHINE_KERNEL + 4);
    assert_int_equal(vcpu->regs.x[REG_A0], SBI_SUCCESS);
}

#define WAKING_TEST(test) cmocka_unit_test_setup_teardown(test, setup, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WAKING_TEST(a_started_sibling_gets_its_turn),
        WAKING_TEST(a_sibling_is_woken_by_an_ipi),
        WAKING_TEST(both_are_woken),
        WAKING_TEST(an_interrupt_of_the_host_wakes_one),
        WAKING_TEST(a_sibling_lives_on_another_hart),
        WAKING_TEST(an_alarm_wakes_a_sibling),
        WAKING_TEST(a_stopped_one_stays_away),
        WAKING_TEST(a_suspended_one_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
