/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Suspending, leaving for good, and the deadlines of devices, as the queues see them.
 */
#include "queue_fixture.h"

#define RTC_ALARM_LOW   (BOARD_RTC_BASE + 0x08)
#define RTC_ALARM_HIGH  (BOARD_RTC_BASE + 0x0c)
#define RTC_IRQ_ENABLED (BOARD_RTC_BASE + 0x10)
#define PLIC_PRIORITY   (BOARD_PLIC_BASE + 4UL * BOARD_RTC_IRQ)
#define PLIC_ENABLE(n)  (BOARD_PLIC_BASE + 0x2000 + 0x80 * (2UL * (n) + 1)) /* vCPU n in S-mode */

static void suspend(bool resumes_at_start)
{
    vcpu->hsm_state = SBI_HSM_SUSPENDED;
    vcpu->resumes_at_start = resumes_at_start;
    vcpu->start_pc = 0x80300000;
    vcpu->start_opaque = 0x4444;
    vcpu->regs.x[REG_SP] = 99;
    vcpu->regs.sepc = 0x80200044;
    queue_block(&hart, vcpu);
}

static void expect_suspended(void)
{
    assert_null(queue_take());
    assert_int_equal(vcpu->hsm_state, SBI_HSM_SUSPENDED);
    assert_int_equal(vcpu->is_blocked, 1);
}

static void a_retentive_suspend_goes_on(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP);
    suspend(false);
    expect_suspended();
    vcpu_interrupt(vcpu, HVIP_VSSIP, true);
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_STARTED);
    assert_int_equal(vcpu->regs.sepc, 0x80200044);
    assert_int_equal(vcpu->regs.x[REG_SP], 99);
    assert_int_equal(vscsr_hart.csrs.hvip, HVIP_VSSIP);
}

static void the_other_begins_anew(void **state)
{
    (void)state;
    queue_run_first(SIP_SEIP);
    suspend(true);
    expect_suspended();
    vcpu_interrupt(vcpu, HVIP_VSEIP, true);
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_STARTED);
    assert_int_equal(vcpu->regs.sepc, 0x80300000);
    assert_int_equal(vcpu->regs.x[REG_A0], 0);
    assert_int_equal(vcpu->regs.x[REG_A1], 0x4444);
    assert_int_equal(vscsr_hart.csrs.vsatp, 0);
    assert_int_equal(vscsr_hart.csrs.vsstatus & SSTATUS_SIE, 0);
    assert_int_equal(vscsr_hart.csrs.hvip, HVIP_VSEIP);
    assert_false(vcpu->resumes_at_start);
}

static void a_masked_interrupt_ends_no_suspend(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP);
    suspend(false);
    vcpu_interrupt(vcpu, HVIP_VSEIP, true);
    expect_suspended();
}

/* On the board it is M-mode's interrupt at first, which the guest cannot mask. */
static void a_masked_ipi_ends_it(void **state)
{
    (void)state;
    queue_run_first(SIP_SEIP);
    suspend(false);
    vcpu_interrupt(vcpu, HVIP_VSSIP, true);
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_STARTED);
}

static void the_timer_ends_a_suspend(void **state)
{
    (void)state;
    queue_run_first(SIP_STIP);
    vscsr_hart.csrs.vstimecmp = 2500;
    suspend(false);
    expect_suspended();
    assert_int_equal(queue_timer(NULL), 2500);
    vscsr_hart.time = 2500;
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_STARTED);
}

static void an_interrupt_that_pends_ends_it_at_once(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP);
    vscsr_hart.csrs.hvip = HVIP_VSSIP;
    suspend(false);
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_STARTED);
}

/* Whatever it did: running, asleep, asleep with a timer, stopped, suspended. */
static void a_stop_request_makes_it_leave_once(void **state)
{
    const uint32_t states[] = {SBI_HSM_STARTED, SBI_HSM_STOPPED, SBI_HSM_SUSPENDED};

    for (unsigned i = 0; i < 2 * ARRAY_SIZE(states); i++) {
        queue_run_first(SIP_STIP);
        vscsr_hart.csrs.vstimecmp = i % 2 ? 9000 : UINT64_MAX;
        vcpu->hsm_state = states[i / 2];
        queue_block(&hart, vcpu);
        assert_null(queue_take());
        vcpu_request(vcpu, VCPU_REQUEST_STOP);
        vcpu_interrupt(vcpu, HVIP_ALL, true);
        assert_null(queue_take());
        assert_int_equal(leaves, 1);
        vcpu_request(vcpu, VCPU_REQUEST_STOP | VCPU_REQUEST_START);
        vscsr_hart.time = 10000;
        assert_null(queue_take());
        assert_int_equal(leaves, 1);
        assert_int_equal(queue_timer(NULL), UINT64_MAX);
        assert_int_equal(hart.ready_count, 0);
        machine_teardown(state);
        queue_setup(state);
    }
}

static void a_running_one_leaves_when_it_blocks(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP);
    vcpu_interrupt(vcpu, HVIP_VSSIP, true); /* which would keep it running */
    vcpu_request(vcpu, VCPU_REQUEST_STOP | VCPU_REQUEST_START);
    queue_block(&hart, vcpu);
    assert_int_equal(leaves, 1);
    assert_null(queue_take());
    assert_null(hart.loaded);
}

static void write_u32(uint64_t gpa, uint32_t value)
{
    assert_true(bus_write(&vm->bus, gpa, 4, value));
}

/* The guest time of the RTC is host time here: 1000 ns a tick. */
static void set_alarm(uint64_t tick, unsigned vcpu_id)
{
    write_u32(PLIC_PRIORITY, 1);
    write_u32(PLIC_ENABLE(vcpu_id), 1U << BOARD_RTC_IRQ);
    write_u32(RTC_IRQ_ENABLED, 1);
    write_u32(RTC_ALARM_HIGH, (uint32_t)(tick * 1000 >> 32));
    write_u32(RTC_ALARM_LOW, (uint32_t)(tick * 1000));
}

static void an_alarm_wakes_a_sleeper(void **state)
{
    uint64_t alarm;

    (void)state;
    queue_run_first(SIP_SEIP);
    set_alarm(7000, 0);
    queue_block(&hart, vcpu);
    assert_null(queue_take());
    alarm = queue_timer(NULL);
    assert_in_range(alarm, 7000, 7001);
    vscsr_hart.time = alarm;
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(vscsr_hart.csrs.hvip, HVIP_VSEIP);
    assert_int_equal(queue_timer(vcpu), UINT64_MAX);
}

/* vCPU 0 watches the clock, also for the others, and also while it is stopped. */
static void an_alarm_reaches_another_vcpu(void **state)
{
    (void)state;
    queue_run_first(0);
    vcpu->hsm_state = SBI_HSM_STOPPED;
    queue_block(&hart, vcpu);
    hart_start_vcpu(vm, 1);
    assert_ptr_equal(queue_take(), &vm->vcpus[1]);
    vscsr_hart.csrs.vsie = SIP_SEIP;
    set_alarm(7000, 1);
    queue_block(&hart, &vm->vcpus[1]);
    assert_null(queue_take());
    vscsr_hart.time = queue_timer(NULL);
    assert_in_range(vscsr_hart.time, 7000, 7001);
    assert_ptr_equal(queue_take(), &vm->vcpus[1]);
    assert_int_equal(vscsr_hart.csrs.hvip, HVIP_VSEIP);
}

/* Nobody wants the alarm's interrupt: it fires once, and the hart sleeps on. */
static void an_alarm_for_nobody_does_not_spin(void **state)
{
    (void)state;
    queue_run_first(0);
    set_alarm(7000, 0);
    queue_block(&hart, vcpu);
    assert_null(queue_take());
    vscsr_hart.time = 8000;
    assert_null(queue_take());
    assert_int_equal(queue_timer(NULL), UINT64_MAX);
    assert_int_equal(vcpu->csrs.hvip, HVIP_VSEIP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(a_retentive_suspend_goes_on),
        QUEUE_TEST(the_other_begins_anew),
        QUEUE_TEST(a_masked_interrupt_ends_no_suspend),
        QUEUE_TEST(a_masked_ipi_ends_it),
        QUEUE_TEST(the_timer_ends_a_suspend),
        QUEUE_TEST(an_interrupt_that_pends_ends_it_at_once),
        QUEUE_TEST(a_stop_request_makes_it_leave_once),
        QUEUE_TEST(a_running_one_leaves_when_it_blocks),
        QUEUE_TEST(an_alarm_wakes_a_sleeper),
        QUEUE_TEST(an_alarm_reaches_another_vcpu),
        QUEUE_TEST(an_alarm_for_nobody_does_not_spin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
