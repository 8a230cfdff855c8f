/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The run loop with one machine: what happens before an entry, what an exit leads to, who is next.
 * Ends of machines: test_run_ends.c; waking on this hart: test_run_waking.c.
 */
#include "run_fixture.h"

#include "vm/steal.h"

static uint64_t seen_vtw, seen_hvip, seen_time;
static struct vcpu *seen_vcpu;

static void look(struct vcpu *vcpu)
{
    seen_vcpu = vcpu;
    seen_vtw = vcpu->regs.hstatus & HSTATUS_VTW;
    seen_hvip = vscsr_hart.csrs.hvip;
    seen_time = vscsr_hart.time;
}

static void look_and_ask(struct vcpu *vcpu)
{
    look(vcpu);
    ask_version(vcpu);
}

static void without_vcpus_it_sleeps(void **state)
{
    (void)state;
    assert_int_equal(run_on(&hart, NULL, 0), END_ASLEEP);
    trace_check("timer:none wait");
}

/* Stores of the loader are seen by the first fetch. */
static void a_machine_starts(void **state)
{
    (void)state;
    hart_add("a", 1, &hart);
    assert_int_equal(RUN(CALLS(look_and_ask)), END_SCRIPT);
    trace_check("load+drop:a0 timer:none fence.vvma fence.i enter:a0 enter:a0");
    assert_int_equal(seen_vcpu->regs.sepc, MACHINE_KERNEL + 4);
    assert_int_equal(seen_vcpu->csrs.htimedelta, -1000UL);
}

/* Exit and entry on the same hart move no CSR: DESIGN 5. */
static void an_exit_moves_nothing(void **state)
{
    (void)state;
    hart_add("a", 1, &hart);
    RUN(CALLS(look_and_ask));
    trace_reset();
    assert_int_equal(RUN(CALLS(look_and_ask), CALLS(look_and_ask), CALLS(look_and_ask)),
                     END_SCRIPT);
    trace_check("timer:none enter:a0 enter:a0 enter:a0 enter:a0");
}

static void an_interrupt_of_the_host_lets_the_loop_look(void **state)
{
    (void)state;
    hart_add("a", 1, &hart);
    RUN(CALLS(look_and_ask));
    trace_reset();
    assert_int_equal(RUN(INTERRUPTED_AFTER(10)), END_SCRIPT);
    trace_check("timer:none enter:a0 interrupts timer:none enter:a0");
}

static void spin_for_a_lock(struct vcpu *vcpu)
{
    (void)vcpu;
    fetch_fake.word = 0x00d00073; /* wrs.nto */
}

/* The sibling may hold what it spins for. */
static void who_spins_lets_the_sibling_run(void **state)
{
    (void)state;
    hart_add("a", 2, &hart);
    RUN(CALLS(look_and_ask));
    RUN(CALLS(start_sibling), WAITS_AFTER(spin_for_a_lock), CALLS(look_and_ask));
    assert_int_equal(seen_vcpu->id, 1);
    assert_int_equal(seen_vcpu->vm->vcpus[0].is_blocked, 0);
}

/* Alone, the guest's WFI is the hart's; else it traps. */
static void wfi_is_the_harts_while_nobody_waits(void **state)
{
    (void)state;
    hart_add("a", 2, &hart);
    RUN(CALLS(look_and_ask));
    assert_int_equal(seen_vtw, 0);
    RUN(CALLS(start_sibling), CALLS(look_and_ask));
    assert_int_equal(seen_vtw, HSTATUS_VTW);
    RUN(INTERRUPTED_AFTER(SLICE), WAITS, CALLS(look_and_ask));
    assert_int_equal(seen_vcpu->id, 0);
    assert_int_equal(seen_vtw, 0);
}

static void they_take_turns(void **state)
{
    (void)state;
    hart_add("a", 2, &hart);
    assert_int_equal(RUN(CALLS(start_sibling), INTERRUPTED_AFTER(SLICE), INTERRUPTED_AFTER(SLICE),
                         INTERRUPTED_AFTER(SLICE / 2), INTERRUPTED_AFTER(SLICE / 2)),
                     END_SCRIPT);
    trace_check(
        "load+drop:a0 timer:none fence.vvma fence.i enter:a0 timer:11000 enter:a0 interrupts "
        "save:a0 load:a1 timer:21000 fence.vvma fence.i enter:a1 interrupts "
        "save:a1 load:a0 timer:31000 enter:a0 interrupts timer:31000 enter:a0 interrupts "
        "save:a0 load:a1 timer:41000 enter:a1");
}

static void count_on(struct vcpu *vcpu)
{
    look(vcpu);
    vscsr_hart.counters.cycle += 100;
    vscsr_hart.counters.instret += 10;
}

/* A vCPU's counters count its own turns. */
static void counters_are_the_vcpus_own(void **state)
{
    struct vm *vm = hart_add("a", 2, &hart);
    const struct pmu_counter *counters[] = {vm->vcpus[0].pmu.counters, vm->vcpus[1].pmu.counters};

    (void)state;
    for (unsigned i = 0; i < 2; i++)
        pmu_update(&vm->vcpus[i].pmu, (struct pmu_hart){0});
    RUN(CALLS(start_sibling));
    RUN({.guest = count_on, .ticks = SLICE, .trap = {.scause = CAUSE_INTERRUPT | INTERRUPT_STI}},
        {.guest = count_on, .ticks = SLICE, .trap = {.scause = CAUSE_INTERRUPT | INTERRUPT_STI}},
        {.guest = count_on, .ticks = SLICE, .trap = {.scause = CAUSE_INTERRUPT | INTERRUPT_STI}});
    vscsr_save(hart.loaded);
    for (unsigned i = 0; i < 2; i++)
        pmu_update(&vm->vcpus[i].pmu, (struct pmu_hart){0});
    assert_int_equal(counters[0][PMU_CYCLE].value, 200);
    assert_int_equal(counters[0][PMU_INSTRET].value, 20);
    assert_int_equal(counters[1][PMU_CYCLE].value, 100);
    assert_int_equal(counters[1][PMU_INSTRET].value, 10);
}

/* Waiting for the hart is stolen time; waiting for an interrupt is not. */
static void turns_of_others_are_stolen(void **state)
{
    struct vm *vm = hart_add("a", 2, &hart);
    const struct vcpu_steal *steal = &vm->vcpus[0].steal;

    (void)state;
    RUN(CALLS(start_sibling));
    steal_tell(&vm->vcpus[0], MACHINE_KERNEL + 4096);
    RUN(INTERRUPTED_AFTER(SLICE));
    assert_int_equal(steal->stolen_ns, 0);
    RUN(INTERRUPTED_AFTER(SLICE / 2), INTERRUPTED_AFTER(SLICE / 2));
    assert_int_equal(steal->stolen_ns, SLICE * 1000); /* 1 tick is 1 us */
    RUN(WAITS, INTERRUPTED_AFTER(10 * SLICE));
    assert_int_equal(vm->vcpus[0].is_blocked, 1);
    assert_int_equal(steal->stolen_ns, SLICE * 1000);
    assert_int_equal(steal->sequence, 2);
}

/* Without VMIDs everything cached goes at each change of vCPU. */
static void without_vmids_each_load_drops(void **state)
{
    (void)state;
    caps.vmid_bits = 0;
    queue_init(&hart, 0, 0, &fair_policy);
    hart_add("a", 2, &hart);
    RUN(CALLS(start_sibling), INTERRUPTED_AFTER(SLICE), INTERRUPTED_AFTER(SLICE));
    trace_check(
        "load+drop:a0 timer:none fence.vvma fence.i enter:a0 timer:11000 enter:a0 interrupts "
        "save:a0 load+drop:a1 timer:21000 fence.vvma fence.i enter:a1 interrupts "
        "save:a1 load+drop:a0 timer:31000 enter:a0");
}

static void requests_are_served_before_the_entry(void **state)
{
    struct vm *vm = hart_add("a", 1, &hart);

    (void)state;
    RUN(CALLS(look_and_ask));
    trace_reset();
    vcpu_request(&vm->vcpus[0], VCPU_REQUEST_FENCE_VVMA | VCPU_REQUEST_FENCE_I);
    vcpu_interrupt(&vm->vcpus[0], HVIP_VSSIP | HVIP_VSEIP, true);
    assert_int_equal(RUN(CALLS(look_and_ask)), END_SCRIPT);
    trace_check("timer:none fence.vvma fence.i enter:a0 enter:a0");
    assert_int_equal(seen_hvip, HVIP_VSSIP | HVIP_VSEIP);
    vcpu_interrupt(&vm->vcpus[0], HVIP_VSEIP, false);
    RUN(CALLS(look_and_ask));
    assert_int_equal(seen_hvip, HVIP_VSSIP);
}

static void send_ipi_to_self(struct vcpu *vcpu)
{
    run_call(vcpu, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, 0, 0);
}

/* Once it has left its guest nobody needs to kick it. */
static void its_own_request_is_served_without_a_kick(void **state)
{
    (void)state;
    hart_add("a", 1, &hart);
    RUN(CALLS(look_and_ask));
    kick_fake.count = 0;
    assert_int_equal(RUN(CALLS(send_ipi_to_self), CALLS(look_and_ask)), END_SCRIPT);
    assert_int_equal(seen_hvip, HVIP_VSSIP);
    assert_int_equal(kick_fake.count, 0);
}

/* Fenced for while it slept, it fences when it runs again. */
static void a_sleeper_fences_when_it_runs(void **state)
{
    struct vm *vm = hart_add("a", 1, &hart);

    (void)state;
    assert_int_equal(RUN(WAITS_AFTER(enable_ipis)), END_ASLEEP);
    trace_reset();
    vcpu_request(&vm->vcpus[0], VCPU_REQUEST_FENCE_VVMA);
    assert_int_equal(run_on(&hart, NULL, 0), END_ASLEEP);
    trace_check("timer:none wait");
    vcpu_interrupt(&vm->vcpus[0], HVIP_VSSIP, true);
    assert_int_equal(RUN(CALLS(look_and_ask)), END_SCRIPT);
    trace_check("load:a0 timer:none fence.vvma enter:a0 enter:a0");
    assert_int_equal(seen_hvip, HVIP_VSSIP);
}

/* QEMU traps WFI also where it need not wait. */
static void wfi_with_an_interrupt_goes_on(void **state)
{
    struct vm *vm = hart_add("a", 1, &hart);

    (void)state;
    RUN(WAITS_AFTER(enable_ipis));
    vcpu_interrupt(&vm->vcpus[0], HVIP_VSSIP, true);
    RUN(CALLS(look_and_ask));
    trace_reset();
    assert_int_equal(RUN(WAITS, WAITS), END_SCRIPT);
    trace_check("timer:none enter:a0 timer:none enter:a0 timer:none enter:a0");
    assert_int_equal(vm->vcpus[0].regs.sepc, MACHINE_KERNEL + 4 + 4 + 4 + 4);
}

static void set_timer(struct vcpu *vcpu)
{
    vscsr_hart.csrs.vsie = SIP_STIP;
    run_call(vcpu, SBI_EXT_TIME, SBI_TIME_SET_TIMER, 5000, 0, 0);
}

/* The hart sleeps as long as the guest does, and no longer. Guest time began at host time 1000. */
static void a_sleeper_wakes_by_its_timer(void **state)
{
    for (unsigned i = 0; i < 2; i++) {
        caps.sstc = i == 0;
        hart_add("a", 1, &hart);
        RUN(CALLS(set_timer));
        trace_reset();
        assert_int_equal(RUN(WAITS, CALLS(look_and_ask)), END_SCRIPT);
        trace_check(i == 0 ? "timer:none enter:a0 save:a0 timer:6000 wait interrupts "
                             "load:a0 timer:none enter:a0 enter:a0"
                           : "timer:6000 enter:a0 save:a0 timer:6000 wait interrupts "
                             "load:a0 timer:none enter:a0 enter:a0");
        assert_int_equal(seen_time, 6000);
        assert_int_equal(seen_hvip, caps.sstc ? 0 : HVIP_VSTIP);
        machine_teardown(state);
        run_setup(state);
    }
}

/* Without Sstc: our timer ends the guest's run, VSTIP is shown, and falls with the next call. */
static void the_timer_without_sstc(void **state)
{
    (void)state;
    caps.sstc = false;
    hart_add("a", 1, &hart);
    RUN(CALLS(set_timer));
    trace_check("load+drop:a0 timer:none fence.vvma fence.i enter:a0 timer:6000 enter:a0");
    RUN(INTERRUPTED_AFTER(4999), CALLS(look_and_ask));
    assert_int_equal(seen_time, 5999);
    assert_int_equal(seen_hvip, 0);
    trace_reset();
    RUN(INTERRUPTED_AFTER(1), CALLS(look_and_ask));
    trace_check("timer:6000 enter:a0 interrupts timer:none enter:a0 enter:a0");
    assert_int_equal(seen_hvip, HVIP_VSTIP);
    vscsr_hart.time = 5900;
    RUN(CALLS(set_timer), CALLS(look_and_ask));
    assert_int_equal(seen_hvip, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN_TEST(without_vcpus_it_sleeps),
        RUN_TEST(a_machine_starts),
        RUN_TEST(an_exit_moves_nothing),
        RUN_TEST(an_interrupt_of_the_host_lets_the_loop_look),
        RUN_TEST(who_spins_lets_the_sibling_run),
        RUN_TEST(wfi_is_the_harts_while_nobody_waits),
        RUN_TEST(they_take_turns),
        RUN_TEST(counters_are_the_vcpus_own),
        RUN_TEST(turns_of_others_are_stolen),
        RUN_TEST(without_vmids_each_load_drops),
        RUN_TEST(requests_are_served_before_the_entry),
        RUN_TEST(its_own_request_is_served_without_a_kick),
        RUN_TEST(a_sleeper_fences_when_it_runs),
        RUN_TEST(wfi_with_an_interrupt_goes_on),
        RUN_TEST(a_sleeper_wakes_by_its_timer),
        RUN_TEST(the_timer_without_sstc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
