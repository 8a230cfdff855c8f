/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Blocking and waking: by interrupts, timers, starts and stops; and who is left asleep.
 */
#include "queue_fixture.h"

static void without_an_interrupt_it_sleeps(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP | SIP_STIP | SIP_SEIP);
    queue_block(&hart, vcpu);
    assert_false(usage_is_on(vcpu));
    assert_null(hart.loaded);
    assert_null(vscsr_hart.loaded);
    assert_int_equal(vcpu->is_blocked, 1);
    assert_int_equal(hart.ready_count, 0);
    assert_null(queue_take());
    assert_int_equal(queue_timer(NULL), UINT64_MAX);
    assert_int_equal(leaves, 0);
}

/* Pending and enabled, whatever vsstatus.SIE says. */
static void an_enabled_interrupt_wakes_it(void **state)
{
    const uint64_t bits[] = {HVIP_VSSIP, HVIP_VSEIP};

    for (unsigned i = 0; i < ARRAY_SIZE(bits); i++) {
        queue_run_first(bits[i] >> 1);
        assert_int_equal(vscsr_hart.csrs.vsstatus & SSTATUS_SIE, 0);
        queue_block(&hart, vcpu);
        vcpu_interrupt(vcpu, bits[i], true);
        assert_int_equal(vcpu->is_blocked, 0);
        assert_ptr_equal(queue_take(), vcpu);
        assert_int_equal(vscsr_hart.csrs.hvip, bits[i]);
        machine_teardown(state);
        queue_setup(state);
    }
}

static void a_masked_interrupt_does_not(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP);
    queue_block(&hart, vcpu);
    vcpu_interrupt(vcpu, HVIP_VSEIP, true);
    assert_null(queue_take());
    assert_int_equal(vcpu->is_blocked, 1);
    assert_int_equal(vcpu->csrs.hvip, HVIP_VSEIP);
    vcpu_interrupt(vcpu, HVIP_VSSIP, true);
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(vscsr_hart.csrs.hvip, HVIP_VSSIP | HVIP_VSEIP);
}

static void one_that_went_away_does_not(void **state)
{
    (void)state;
    queue_run_first(SIP_SEIP);
    queue_block(&hart, vcpu);
    vcpu_interrupt(vcpu, HVIP_VSEIP, true);
    vcpu_interrupt(vcpu, HVIP_VSEIP, false);
    assert_null(queue_take());
    assert_int_equal(vcpu->is_blocked, 1);
}

static void what_pends_already_keeps_it_running(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP);
    vcpu_interrupt(vcpu, HVIP_VSSIP, true);
    queue_block(&hart, vcpu);
    assert_int_equal(vcpu->is_blocked, 0);
    assert_null(hart.home.mail);
    assert_ptr_equal(queue_take(), vcpu);
}

static void its_timer_wakes_it(void **state)
{
    (void)state;
    queue_run_first(SIP_STIP);
    vscsr_hart.csrs.vstimecmp = 3000;
    queue_block(&hart, vcpu);
    assert_null(queue_take());
    assert_int_equal(queue_timer(NULL), 3000);
    vscsr_hart.time = 2999;
    assert_null(queue_take());
    vscsr_hart.time = 3000;
    assert_ptr_equal(queue_take(), vcpu);
    assert_true(heap_is_empty(&hart.sleepers));
}

static void its_timer_is_guest_time(void **state)
{
    (void)state;
    queue_run_first(SIP_STIP);
    vcpu->csrs.htimedelta = vscsr_hart.csrs.htimedelta = -700UL;
    vscsr_hart.csrs.vstimecmp = 1000;
    queue_block(&hart, vcpu);
    assert_int_equal(queue_timer(NULL), 1700);
    vscsr_hart.time = 1700;
    assert_ptr_equal(queue_take(), vcpu);
}

/* A timer that is masked in vsie is no reason to look: neither before nor after it expired. */
static void a_masked_timer_does_not(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP | SIP_SEIP);
    vscsr_hart.csrs.vstimecmp = 3000;
    queue_block(&hart, vcpu);
    assert_int_equal(queue_timer(NULL), UINT64_MAX);
    vscsr_hart.time = 4000;
    assert_null(queue_take());
    assert_int_equal(queue_timer(NULL), UINT64_MAX);
}

static void a_masked_timer_hides_no_interrupt(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP);
    vscsr_hart.csrs.vstimecmp = 0;
    queue_block(&hart, vcpu);
    assert_null(queue_take());
    vcpu_interrupt(vcpu, HVIP_VSSIP, true);
    assert_ptr_equal(queue_take(), vcpu);
}

/* A hart that stopped keeps its old vstimecmp and vsie; it may not spin over them. */
static void a_stopped_one_has_no_timer(void **state)
{
    (void)state;
    queue_run_first(SIP_STIP | SIP_SSIP);
    vscsr_hart.csrs.vstimecmp = 1; /* long due */
    vscsr_hart.csrs.hvip = HVIP_VSSIP;
    vcpu->hsm_state = SBI_HSM_STOPPED;
    queue_block(&hart, vcpu);
    assert_int_equal(vcpu->is_blocked, 1);
    assert_null(queue_take());
    assert_int_equal(queue_timer(NULL), UINT64_MAX);
    vcpu_interrupt(vcpu, HVIP_VSSIP, true);
    assert_null(queue_take());
    assert_int_equal(queue_timer(NULL), UINT64_MAX);
}

static void a_stopped_one_can_be_started(void **state)
{
    (void)state;
    queue_run_first(SIP_STIP);
    vcpu->hsm_state = SBI_HSM_STOPPED;
    queue_block(&hart, vcpu);
    vcpu->regs.x[REG_SP] = 99;
    hart_start_vcpu(vm, 0);
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_STARTED);
    assert_int_equal(vcpu->regs.x[REG_SP], 0);
    assert_int_equal(vscsr_hart.csrs.vstimecmp, UINT64_MAX);
}

static void sleep_until(struct vcpu *sleeper, uint64_t time)
{
    assert_ptr_equal(queue_take(), sleeper);
    vscsr_hart.csrs.vsie = SIP_STIP;
    vscsr_hart.csrs.vstimecmp = time;
    queue_block(&hart, sleeper);
}

/* Whatever the order in which they fell asleep. */
static void sleepers_wake_by_their_times(void **state)
{
    static const unsigned orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                          {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    struct vcpu *sleepers[3];

    for (unsigned i = 0; i < ARRAY_SIZE(orders); i++) {
        for (unsigned n = 0; n < 3; n++) {
            if (n > 0)
                hart_start_vcpu(vm, n);
            sleepers[orders[i][n]] = &vm->vcpus[n];
            sleep_until(&vm->vcpus[n], 5000 + 1000 * orders[i][n]);
        }
        for (unsigned n = 0; n < 3; n++) {
            assert_null(queue_take());
            assert_int_equal(queue_timer(NULL), 5000 + 1000 * n);
            vscsr_hart.time = 5000 + 1000 * n;
            sleep_until(sleepers[n], UINT64_MAX);
        }
        machine_teardown(state);
        queue_setup(state);
    }
}

static void sleepers_of_one_time_wake_together(void **state)
{
    (void)state;
    sleep_until(vcpu, 5000);
    hart_start_vcpu(vm, 1);
    sleep_until(&vm->vcpus[1], 5000);
    vscsr_hart.time = 6000;
    assert_non_null(queue_take());
    assert_int_equal(hart.ready_count, 2);
}

/* An interrupt comes first: then the timer's place in the queue is gone too. */
static void a_sleeper_can_be_woken_early(void **state)
{
    (void)state;
    queue_run_first(SIP_STIP | SIP_SSIP);
    vscsr_hart.csrs.vstimecmp = 5000;
    queue_block(&hart, vcpu);
    vcpu_interrupt(vcpu, HVIP_VSSIP, true);
    assert_ptr_equal(queue_take(), vcpu);
    assert_true(heap_is_empty(&hart.sleepers));
    assert_int_equal(queue_timer(vcpu), UINT64_MAX);
}

/* The mail and the timer at once: it is queued once. */
static void a_sleeper_is_queued_once(void **state)
{
    (void)state;
    queue_run_first(SIP_STIP | SIP_SSIP);
    vscsr_hart.csrs.vstimecmp = 5000;
    queue_block(&hart, vcpu);
    vcpu_interrupt(vcpu, HVIP_VSSIP, true);
    vscsr_hart.time = 6000;
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(hart.ready_count, 1);
    assert_null(hart.home.mail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(without_an_interrupt_it_sleeps),
        QUEUE_TEST(an_enabled_interrupt_wakes_it),
        QUEUE_TEST(a_masked_interrupt_does_not),
        QUEUE_TEST(one_that_went_away_does_not),
        QUEUE_TEST(what_pends_already_keeps_it_running),
        QUEUE_TEST(its_timer_wakes_it),
        QUEUE_TEST(its_timer_is_guest_time),
        QUEUE_TEST(a_masked_timer_does_not),
        QUEUE_TEST(a_masked_timer_hides_no_interrupt),
        QUEUE_TEST(a_stopped_one_has_no_timer),
        QUEUE_TEST(a_stopped_one_can_be_started),
        QUEUE_TEST(sleepers_wake_by_their_times),
        QUEUE_TEST(sleepers_of_one_time_wake_together),
        QUEUE_TEST(a_sleeper_can_be_woken_early),
        QUEUE_TEST(a_sleeper_is_queued_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
