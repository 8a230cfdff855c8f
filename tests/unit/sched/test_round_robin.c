/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Round robin: the order of coming is the order of turns. And the list of policies.
 */
#include "policy_fixture.h"

static struct policy_hart hart;

static int setup(void **state)
{
    (void)state;
    policy_reset(&round_robin_policy, &hart);
    return 0;
}

static void everybody_in_turn(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        turns[i].weight = 1 + 100 * i;
        add(&hart, i, POLICY_WOKEN);
    }
    for (unsigned i = 0; i < 50; i++) {
        assert_ptr_equal(turn_over(&hart), &turns[i % 5]);
        pass_time(&hart, SLICE + i);
    }
}

static void who_wakes_goes_to_the_end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        add(&hart, i, POLICY_WOKEN);
    assert_ptr_equal(turn_over(&hart), &turns[0]);
    block(&hart, 1);
    add(&hart, 1, POLICY_WOKEN);
    assert_false(policy->preempts(&turns[1], hart.running));
    assert_ptr_equal(turn_over(&hart), &turns[2]);
    assert_ptr_equal(turn_over(&hart), &turns[1]);
    assert_ptr_equal(turn_over(&hart), &turns[0]);
}

/* Everybody in turn, whoever is waited for. */
static void nobody_goes_out_of_turn(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        add(&hart, i, POLICY_WOKEN);
    turn_over(&hart);
    assert_false(pass_to(&hart, 2));
    assert_true(pass_to(&hart, 1));
    assert_ptr_equal(turn_over(&hart), &turns[2]);
    assert_ptr_equal(turn_over(&hart), &turns[0]);
}

static void who_moves_is_the_others(void **state)
{
    struct policy_hart other = {.queue.slice = SLICE};

    (void)state;
    add(&hart, 0, POLICY_WOKEN);
    policy_remove(&hart.queue, &turns[0]);
    policy->leave(&hart.queue, &turns[0]);
    assert_null(turn_over(&hart));
    add(&other, 0, POLICY_ARRIVED);
    assert_ptr_equal(turn_over(&other), &turns[0]);
}

static void policies_have_names(void **state)
{
    (void)state;
    assert_ptr_equal(policy_find("fair", 4), &fair_policy);
    assert_ptr_equal(policy_find("round-robin and more", 11), &round_robin_policy);
    assert_null(policy_find("fair", 3));
    assert_null(policy_find("fairer", 6));
    assert_null(policy_find("", 0));
}

#define TURN_TEST(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TURN_TEST(everybody_in_turn),       TURN_TEST(who_wakes_goes_to_the_end),
        TURN_TEST(nobody_goes_out_of_turn), TURN_TEST(who_moves_is_the_others),
        TURN_TEST(policies_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
