/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waking in the run loop: a sibling on the same hart, which no IPI comes for, and one on another
 * hart.
 */
#include "run_fixture.h"

static struct hart other;

static int setup(void **state)
{
    queue_init(&other, 1, 1, VMID_BITS);
    return run_setup(state);
}

static void enable_ipis_and_ask(struct vcpu *vcpu)
{
    enable_ipis(vcpu);
    ask_version(vcpu);
}

/* vCPU 1 is started on the hart that starts it, while that one runs on: it gets its turn though
 * nobody else calls for the hart's attention. */
static void a_started_sibling_gets_its_turn(void **state)
{
    (void)state;
    hart_add("a", 2, &hart);
    assert_int_equal(RUN(CALLS(start_sibling)), END_SCRIPT);
    trace_check("load+drop:a0 timer:none fence.i enter:a0 timer:11000 enter:a0");
    assert_int_equal(kick_fake.last == &hart.home, true);
}

static void an_ipi_to_a_sibling_wakes_it(void **state)
{
    (void)state;
    hart_add("a", 2, &hart);
    /* a0 starts a1 and waits; a1 waits too: all asleep. */
    assert_int_equal(RUN(CALLS(start_sibling), WAITS, WAITS_AFTER(enable_ipis)), END_ASLEEP);
    trace_reset();
    vcpu_interrupt(hart.home.mail, HVIP_VSSIP, true);
}

static void a_sibling_on_another_hart(void **state)
{
    struct vm *vm = hart_add("a", 2, &hart);

    (void)state;
    vm->vcpus[1].home = &other.home;
    kick_fake.count = 0;
    assert_int_equal(RUN(CALLS(start_sibling), CALLS(ask_version)), END_SCRIPT);
    trace_check("load+drop:a0 timer:none fence.i enter:a0 enter:a0 enter:a0");
    assert_int_equal(kick_fake.count, 1);
    assert_ptr_equal(kick_fake.last, &other.home);
    assert_ptr_equal(other.home.mail, &vm->vcpus[1]);
    vscsr_hart.loaded = NULL; /* another hart's CSRs from here */
    assert_int_equal(RUN_ON(&other, WAITS_AFTER(enable_ipis_and_ask)), END_ASLEEP);
}
