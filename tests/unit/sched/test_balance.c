/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two harts: who gets whom, and how a vCPU moves. The second one is played by the test, too.
 */
#include "queue_fixture.h"

#include "lib/err.h"
#include "sched/balance.h"

static struct hart other;

static int setup(void **state)
{
    static bool is_joined; /* boot joins each hart once, and so do we */
    int err = queue_setup(state);

    queue_init(&other, 1, 1, &fair_policy);
    if (!is_joined) {
        balance_join(&hart);
        balance_join(&other);
    } else {
        hart.next = NULL;
        other.next = &hart;
    }
    is_joined = true;
    return err;
}

/* As the loop does it on that hart. */
static struct vcpu *pick(struct hart *on)
{
    struct vcpu *next = queue_pick(on);

    if (next && next != on->loaded) {
        if (on->loaded)
            vscsr_save(on->loaded);
        vscsr_load(next, false);
        on->loaded = next;
    }
    return next;
}

/* The fake of the CSRs is one hart's: what runs there is put away before the other one's turn. */
static struct vcpu *pick_alone(struct hart *on)
{
    struct hart *away = on == &hart ? &other : &hart;

    if (away->loaded) {
        vscsr_save(away->loaded);
        away->loaded = NULL;
    }
    return pick(on);
}

static void homes_are_given_in_turn(void **state)
{
    struct vm *vms[] = {hart_add("b", 2, &hart), hart_add("c", 3, &hart)};
    struct refusal refusal;
    unsigned here = 0;

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(vms); i++)
        assert_int_equal(balance_place(vms[i], &refusal), 0);
    for (unsigned i = 0; i < 5; i++)
        here += (i < 2 ? vms[0]->vcpus[i] : vms[1]->vcpus[i - 2]).home == &hart.home;
    assert_in_range(here, 2, 3);
}

static void affinity_is_kept(void **state)
{
    struct refusal refusal;

    (void)state;
    vm->config.affinity = BIT(1);
    assert_int_equal(balance_place(vm, &refusal), 0);
    for (unsigned i = 0; i < QUEUE_VCPUS; i++)
        assert_ptr_equal(vm->vcpus[i].home, &other.home);
    vm->config.affinity = BIT(7);
    assert_int_equal(balance_place(vm, &refusal), ERR_RANGE);
    assert_string_equal(refusal.text, "affinity names none of the 2 harts");
}

/* The other hart is idle and has said so; this one finds a second vCPU to run. */
static void an_idle_hart_is_given_the_next(void **state)
{
    struct vcpu *moved = &vm->vcpus[1];

    (void)state;
    assert_null(pick_alone(&other));
    assert_int_equal(other.sign.is_idle, 1);
    assert_ptr_equal(pick_alone(&hart), vcpu);
    hart_start_vcpu(vm, 1);
    kick_fake.count = 0;
    moved = pick_alone(&hart) == vcpu ? moved : vcpu;
    assert_int_equal(hart.ready_count, 1);
    assert_int_equal(other.sign.is_idle, 0);
    assert_ptr_equal(other.home.mail, moved);
    assert_ptr_equal(kick_fake.last, &other.home);
    assert_ptr_equal(moved->home, &hart.home); /* until it has arrived */
    trace_reset();
    assert_ptr_equal(pick_alone(&other), moved);
    assert_ptr_equal(moved->home, &other.home);
    assert_int_equal(other.ready_count, 1);
    assert_true(queue_may_sleep(&hart));
    assert_true(queue_may_sleep(&other));
}

/* Its code may have changed while it was elsewhere: FENCE.I comes before its first entry. */
static void an_arrival_fences(void **state)
{
    (void)state;
    pick_alone(&other);
    pick_alone(&hart);
    hart_start_vcpu(vm, 1);
    pick_alone(&hart);
    if (hart.loaded)
        vscsr_save(hart.loaded);
    hart.loaded = NULL;
    trace_reset();
    assert_non_null(pick(&other));
    trace_check(other.running == vcpu ? "fence.i load:a0" : "fence.i load:a1");
}

/* It has more than one; the other falls idle, and calls it. */
static void an_idle_hart_calls_the_busiest(void **state)
{
    (void)state;
    pick_alone(&hart);
    hart_start_vcpu(vm, 1);
    pick_alone(&hart);
    assert_int_equal(hart.ready_count, 2);
    kick_fake.count = 0;
    assert_null(pick_alone(&other));
    assert_int_equal(kick_fake.count, 1);
    assert_ptr_equal(kick_fake.last, &hart.home);
    pick_alone(&hart);
    assert_non_null(pick_alone(&other));
    kick_fake.count = 0;
    assert_non_null(pick_alone(&other));
    assert_int_equal(kick_fake.count, 0);
}

static void pinned_it_stays(void **state)
{
    (void)state;
    vm->config.affinity = BIT(0);
    pick_alone(&other);
    pick_alone(&hart);
    hart_start_vcpu(vm, 1);
    for (unsigned i = 0; i < 50; i++) {
        assert_non_null(pick_alone(&hart));
        vscsr_hart.time += SLICE;
    }
    assert_int_equal(hart.ready_count, 2);
    assert_null(pick_alone(&other));
    assert_int_equal(other.sign.is_idle, 1);
}

/* An idle hart that finds work of its own is idle no more. */
static void own_work_comes_first(void **state)
{
    struct vm *own = hart_add("b", 1, &other);

    (void)state;
    vcpu_take_mail(&other.home);
    pick_alone(&other);
    assert_int_equal(other.sign.is_idle, 1);
    own->vcpus[0].is_blocked = 1;
    vcpu_request(&own->vcpus[0], VCPU_REQUEST_START);
    assert_ptr_equal(pick_alone(&other), &own->vcpus[0]);
    assert_int_equal(other.sign.is_idle, 0);
    pick_alone(&hart);
    hart_start_vcpu(vm, 1);
    pick_alone(&hart);
    assert_int_equal(hart.ready_count, 2);
}

/* Requests that come while it is on its way, and after: in its mail once, kicked where it is. */
static void requests_find_it_wherever_it_is(void **state)
{
    struct vcpu *moved;

    (void)state;
    pick_alone(&other);
    pick_alone(&hart);
    hart_start_vcpu(vm, 1);
    moved = pick_alone(&hart) == vcpu ? &vm->vcpus[1] : vcpu;
    kick_fake.count = 0;
    vcpu_interrupt(moved, HVIP_VSSIP, true);
    assert_int_equal(kick_fake.count, 0);
    assert_ptr_equal(other.home.mail, moved);
    assert_null(moved->mail_next);
    assert_ptr_equal(pick_alone(&other), moved);
    assert_true(vcpu_announce_entry(moved) & VCPU_REQUEST_INTERRUPT);
    assert_int_equal(vcpu_announce_entry(moved), 0);
    vcpu_interrupt(moved, HVIP_VSSIP, true);
    assert_int_equal(kick_fake.count, 1);
    assert_ptr_equal(kick_fake.last, &other.home);
    vcpu_announce_exit(moved);
    vscsr_hart.csrs.vsie = SIP_STIP;
    moved->requests = 0;
    moved->pending = (struct vcpu_pending){0};
    queue_block(&other, moved);
    assert_int_equal(moved->is_blocked, 1);
    vcpu_request(moved, VCPU_REQUEST_TIMER);
    assert_ptr_equal(other.home.mail, moved);
    assert_ptr_equal(kick_fake.last, &other.home);
}

/* Three busy ones, two harts: by moving now and then each has two thirds of a hart. */
static void three_share_two_harts(void **state)
{
    uint64_t had[QUEUE_VCPUS] = {0};

    (void)state;
    pick_alone(&hart);
    hart_start_vcpu(vm, 1);
    hart_start_vcpu(vm, 2);
    for (unsigned i = 0; i < 6000; i++) {
        struct hart *harts[] = {&hart, &other};

        for (unsigned n = 0; n < 2; n++) {
            const struct vcpu *running = pick_alone(harts[n]);

            if (running)
                had[running->id] += SLICE / 2;
        }
        vscsr_hart.time += SLICE / 2;
    }
    for (unsigned i = 0; i < QUEUE_VCPUS; i++)
        assert_in_range(had[i], 1900 * SLICE, 2100 * SLICE);
}

#define BALANCE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BALANCE_TEST(homes_are_given_in_turn),        BALANCE_TEST(affinity_is_kept),
        BALANCE_TEST(an_idle_hart_is_given_the_next), BALANCE_TEST(an_arrival_fences),
        BALANCE_TEST(an_idle_hart_calls_the_busiest), BALANCE_TEST(pinned_it_stays),
        BALANCE_TEST(own_work_comes_first),           BALANCE_TEST(requests_find_it_wherever_it_is),
        BALANCE_TEST(three_share_two_harts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
