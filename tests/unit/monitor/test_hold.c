/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks into a machine that runs: it is held until its vCPUs have left their harts, looked at, and
 * runs on; also where it ends in the middle of it.
 */
#include "../life/life_fixture.h"

#include "monitor/hold.h"

static struct answer answer;
static struct order order;
static char text[4096];
static unsigned looks;
static enum vm_state state_seen;

static void look(struct order *looked)
{
    assert_ptr_equal(looked, &order);
    assert_true(life_is_still(looked->machine));
    state_seen = looked->machine->vm->state;
    looks++;
}

static void hold(struct machine *machine)
{
    answer_init(&answer, ANSWER_JSON, text, sizeof(text));
    order = (struct order){.answer = &answer, .machine = machine};
    looks = 0;
    hold_look(&order, look);
}

static void a_machine_that_stands_still_is_looked_at(void **state)
{
    struct machine *machine = life_created("a", 1);

    (void)state;
    hold(machine);
    assert_int_equal(looks, 1);
    assert_null(order.is_done);
    assert_int_equal(machine->vm->state, VM_CREATED);
}

static void one_that_runs_is_held_for_it(void **state)
{
    struct machine *machine = life_started("a", 2);

    (void)state;
    hold(machine);
    assert_int_equal(looks, 0);
    assert_false(order.is_done(&order));
    machine->vm->vcpus[0].is_blocked = 1; /* as their hart says: they have left */
    assert_false(order.is_done(&order));
    machine->vm->vcpus[1].is_blocked = 1;
    assert_true(order.is_done(&order));
    order.finish(&order);
    assert_int_equal(looks, 1);
    assert_int_equal(state_seen, VM_PAUSED);
    assert_int_equal(machine->vm->state, VM_RUNNING);
    assert_false(answer.is_refused);
}

/* What people paused stays paused. */
static void one_that_is_paused_stays_so(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    life_pause(machine);
    machine->vm->vcpus[0].is_blocked = 1;
    hold(machine);
    assert_int_equal(looks, 1);
    assert_null(order.finish);
    assert_int_equal(machine->vm->state, VM_PAUSED);
}

static void one_that_ends_meanwhile_is_not_started_again(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    hold(machine);
    vm_stop(machine->vm, VM_HALTED, "of itself");
    assert_true(order.is_done(&order));
    order.finish(&order);
    assert_int_equal(looks, 0);
    assert_string_equal(answer.error, "a ended meanwhile: it is halted");
    assert_int_equal(machine->vm->state, VM_HALTED);
}

static void one_that_is_over_is_looked_at(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    hold(machine);
    life_end(machine, VM_CRASHED);
    assert_true(order.is_done(&order));
    order.finish(&order);
    assert_int_equal(looks, 1);
    assert_int_equal(state_seen, VM_CRASHED);
    assert_int_equal(machine->vm->state, VM_CRASHED);
}

static void one_that_cannot_be_held_is_refused(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    vm_stop(machine->vm, VM_RESETTING, "of itself");
    hold(machine);
    assert_int_equal(looks, 0);
    assert_string_equal(answer.error, "a is resetting: it cannot be held");
}

/* It is not held by somebody who would not let it go. */
static void an_order_that_cannot_wait_holds_nothing(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    answer_init(&answer, ANSWER_JSON, text, sizeof(text));
    order = (struct order){.answer = &answer, .machine = machine, .cannot_wait = true};
    hold_look(&order, look);
    assert_string_equal(answer.error, "a is running: pause it first");
    assert_int_equal(machine->vm->state, VM_RUNNING);
    assert_null(order.is_done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_TEST(a_machine_that_stands_still_is_looked_at),
        LIFE_TEST(one_that_runs_is_held_for_it),
        LIFE_TEST(one_that_is_paused_stays_so),
        LIFE_TEST(one_that_ends_meanwhile_is_not_started_again),
        LIFE_TEST(one_that_is_over_is_looked_at),
        LIFE_TEST(one_that_cannot_be_held_is_refused),
        LIFE_TEST(an_order_that_cannot_wait_holds_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
