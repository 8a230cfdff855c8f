/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The queue of vCPUs that can run: round robin, slices, what the timer is set to. Blocking and
 * waking: test_queue_block.c.
 */
#include "queue_fixture.h"

static void nobody_can_run(void **state)
{
    (void)state;
    queue_init(&hart, 0, 0, &fair_policy);
    assert_null(queue_pick(&hart));
    assert_false(queue_may_sleep(&hart));
    assert_int_equal(queue_timer(NULL), UINT64_MAX);
}

static void a_hart_starts_empty(void **state)
{
    (void)state;
    queue_init(&hart, 7, 3, &fair_policy);
    assert_int_equal(hart.home.hartid, 7);
    assert_int_equal(hart.head.hartid, 7);
    assert_int_equal(hart.index, 3);
    assert_null(hart.home.mail);
    assert_null(hart.loaded);
    assert_int_equal(hart.ready_count, 0);
    assert_true(heap_is_empty(&hart.sleepers));
}

static void a_started_vcpu_runs(void **state)
{
    (void)state;
    assert_int_equal(vcpu->hsm_state, SBI_HSM_START_PENDING);
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(vcpu->hsm_state, SBI_HSM_STARTED);
    assert_int_equal(vcpu->regs.sepc, MACHINE_KERNEL);
    assert_int_equal(vcpu->regs.x[REG_A0], 0);
    assert_int_equal(vcpu->regs.x[REG_A1], vm->fdt);
    assert_int_equal(vcpu->is_blocked, 0);
    assert_true(queue_may_sleep(&hart));
    assert_int_equal(vm->vcpus[1].hsm_state, SBI_HSM_STOPPED);
}

/* Each gets its slice, in the order of their coming, for ever. */
static void they_take_turns(void **state)
{
    const unsigned order[] = {0, 1, 2, 0, 1, 2, 0};

    (void)state;
    assert_ptr_equal(queue_take(), vcpu);
    hart_start_vcpu(vm, 1);
    assert_ptr_equal(queue_take(), vcpu);
    hart_start_vcpu(vm, 2);
    for (unsigned i = 0; i < ARRAY_SIZE(order); i++) {
        struct vcpu *running = &vm->vcpus[order[i]];
        uint64_t end = vscsr_hart.time + SLICE;

        assert_ptr_equal(queue_take(), running);
        if (i == 0)
            end = hart.slice_end;
        assert_int_equal(queue_timer(running), end);
        assert_false(queue_may_sleep(&hart));
        vscsr_hart.time = end - 1;
        assert_ptr_equal(queue_take(), running);
        assert_int_equal(queue_timer(running), end);
        vscsr_hart.time = end;
    }
}

static void who_passes_goes_to_the_end(void **state)
{
    (void)state;
    queue_take();
    hart_start_vcpu(vm, 1);
    assert_ptr_equal(queue_take(), vcpu);
    queue_pass(&hart);
    assert_ptr_equal(queue_take(), &vm->vcpus[1]);
    assert_int_equal(queue_timer(&vm->vcpus[1]), vscsr_hart.time + SLICE);
    queue_pass(&hart);
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(queue_timer(vcpu), vscsr_hart.time + SLICE);
}

static void who_passes_alone_goes_on(void **state)
{
    (void)state;
    assert_ptr_equal(queue_take(), vcpu);
    queue_pass(&hart);
    assert_ptr_equal(queue_take(), vcpu);
}

static void a_late_look_still_gives_a_whole_slice(void **state)
{
    (void)state;
    queue_take();
    hart_start_vcpu(vm, 1);
    queue_take();
    vscsr_hart.time += 5 * SLICE;
    assert_ptr_equal(queue_take(), &vm->vcpus[1]);
    assert_int_equal(queue_timer(&vm->vcpus[1]), vscsr_hart.time + SLICE);
}

/* Alone on its hart it has no tick: DESIGN 5. */
static void alone_it_is_not_disturbed(void **state)
{
    (void)state;
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(queue_timer(vcpu), UINT64_MAX);
    vscsr_hart.time += 100 * SLICE;
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(queue_timer(vcpu), UINT64_MAX);
}

/* Who blocks and comes back goes to the end. */
static void coming_back_means_waiting(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP);
    hart_start_vcpu(vm, 1);
    queue_take();
    vscsr_hart.csrs.hvip = HVIP_VSSIP;
    queue_block(&hart, vcpu);
    assert_ptr_equal(queue_take(), &vm->vcpus[1]);
    assert_int_equal(hart.ready_count, 2);
    vscsr_hart.time += SLICE;
    assert_ptr_equal(queue_take(), vcpu);
}

/* With Sstc the hart has the guest's timer; without, it is ours to watch. */
static void the_guests_timer_without_sstc(void **state)
{
    (void)state;
    queue_run_first(SIP_STIP);
    vcpu->csrs.htimedelta = -500UL;
    vcpu->csrs.vstimecmp = 3000;
    assert_int_equal(queue_timer(vcpu), UINT64_MAX);
    caps.sstc = false;
    assert_int_equal(queue_timer(vcpu), 3500);
    vscsr_hart.time = 3499;
    assert_int_equal(queue_timer(vcpu), 3500);
    vscsr_hart.time = 3500; /* due: it is shown already */
    assert_int_equal(queue_timer(vcpu), UINT64_MAX);
    vscsr_hart.time = 3600;
    vcpu->csrs.vstimecmp = 4000; /* set anew by the guest */
    assert_int_equal(queue_timer(vcpu), 4500);
}

static void the_earliest_of_all_counts(void **state)
{
    (void)state;
    caps.sstc = false;
    queue_run_first(SIP_STIP);
    vcpu->csrs.vstimecmp = 5000;
    assert_int_equal(queue_timer(vcpu), 5000);
    vcpu->device_deadline = 4000;
    assert_int_equal(queue_timer(vcpu), 4000);
    hart_start_vcpu(vm, 1);
    queue_take();
    assert_int_equal(hart.slice_end, 11000);
    vcpu->csrs.vstimecmp = vcpu->device_deadline = 20000;
    assert_int_equal(queue_timer(vcpu), 11000);
    assert_int_equal(queue_timer(NULL), UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(nobody_can_run),
        QUEUE_TEST(a_hart_starts_empty),
        QUEUE_TEST(a_started_vcpu_runs),
        QUEUE_TEST(they_take_turns),
        QUEUE_TEST(who_passes_goes_to_the_end),
        QUEUE_TEST(who_passes_alone_goes_on),
        QUEUE_TEST(a_late_look_still_gives_a_whole_slice),
        QUEUE_TEST(alone_it_is_not_disturbed),
        QUEUE_TEST(coming_back_means_waiting),
        QUEUE_TEST(the_guests_timer_without_sstc),
        QUEUE_TEST(the_earliest_of_all_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
