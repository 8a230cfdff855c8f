/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fair shares: in proportion to the weights, nobody starves, a sleeper is next when it wakes and
 * has no more than its share; and this whatever comes, goes and wakes.
 */
#include "policy_fixture.h"

static struct policy_hart hart;

static int setup(void **state)
{
    (void)state;
    srandom(1);
    policy_reset(&fair_policy, &hart);
    return 0;
}

static uint64_t random_below(uint64_t end)
{
    return (uint64_t)random() % end;
}

static void run_slices(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        turn_over(&hart);
        pass_time(&hart, SLICE);
    }
}

/* The least of those that wait and the one that has the hart is the next. */
static void check_next_is_least(void)
{
    const struct vcpu_turn *next = turn_over(&hart);

    for (unsigned i = 0; next && i < TURNS_MAX; i++)
        assert_true(!is_ready[i] || (int64_t)(turns[i].virtual_time - next->virtual_time) >= 0);
}

static void an_empty_hart_has_nobody(void **state)
{
    (void)state;
    assert_null(turn_over(&hart));
}

static void shares_are_the_weights(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        turns[i].weight = i + 1;
        add(&hart, i, POLICY_WOKEN);
    }
    run_slices(1000);
    for (unsigned i = 0; i < 4; i++)
        assert_in_range(had[i], (100 * (i + 1) - 4) * SLICE, (100 * (i + 1) + 4) * SLICE);
}

/* Turns of any length, and any weights: what each had, divided by its weight, differs by no more
 * than a turn or two of its own. */
static void shares_of_random_weights(void **state)
{
    for (unsigned round = 0; round < 20; round++) {
        uint64_t weights = 0, all = 0, low, high;
        unsigned count = 2 + (unsigned)random_below(30);

        setup(state);
        srandom(round);
        for (unsigned i = 0; i < count; i++) {
            turns[i].weight = 1 + (uint32_t)random_below(1000);
            weights += turns[i].weight;
            add(&hart, i, POLICY_WOKEN);
        }
        while (all < 20000 * SLICE) {
            uint64_t ticks = 1 + random_below(SLICE);

            check_next_is_least();
            pass_time(&hart, ticks);
            all += ticks;
        }
        for (unsigned i = 0; i < count; i++) {
            uint64_t fair = all / weights * turns[i].weight;

            low = fair > 3 * SLICE ? fair - fair / 100 - 3 * SLICE : 0;
            high = fair + fair / 100 + 3 * SLICE;
            assert_in_range(had[i], low, high);
        }
    }
}

/* With everybody coming, going and waking at random, who waits gets the hart in bounded time. */
static void nobody_starves(void **state)
{
    static unsigned waits[TURNS_MAX];
    const unsigned count = 20;

    (void)state;
    memset(waits, 0, sizeof(waits));
    for (unsigned i = 0; i < count; i++)
        turns[i].weight = 1U << i % 4;
    for (unsigned step = 0; step < 100000; step++) {
        unsigned i = (unsigned)random_below(count);

        if (!is_ready[i])
            add(&hart, i, POLICY_WOKEN);
        else if (random_below(4) == 0)
            block(&hart, i);
        check_next_is_least();
        pass_time(&hart, 1 + random_below(SLICE));
        for (unsigned n = 0; n < count; n++) {
            waits[n] = is_ready[n] && &turns[n] != hart.running ? waits[n] + 1 : 0;
            assert_in_range(waits[n], 0, 30 * count);
        }
    }
}

/* It sleeps most of the time: when it wakes, it has less virtual time than who is busy. */
static void a_sleeper_is_next_when_it_wakes(void **state)
{
    (void)state;
    for (unsigned i = 1; i < 5; i++)
        add(&hart, i, POLICY_WOKEN);
    run_slices(8);
    for (unsigned i = 0; i < 1000; i++) {
        turn_over(&hart);
        pass_time(&hart, random_below(SLICE));
        add(&hart, 0, POLICY_WOKEN);
        assert_true(policy->preempts(&turns[0], hart.running));
        assert_ptr_equal(turn_over(&hart), &turns[0]);
        pass_time(&hart, SLICE / 100);
        block(&hart, 0);
        turn_over(&hart);
        pass_time(&hart, SLICE);
    }
}

/* Having slept for long is worth a slice, no more. */
static void sleep_is_no_credit(void **state)
{
    unsigned slices = 0;

    (void)state;
    add(&hart, 1, POLICY_WOKEN);
    run_slices(1000);
    add(&hart, 0, POLICY_WOKEN);
    while (turn_over(&hart) == &turns[0]) {
        pass_time(&hart, SLICE);
        assert_in_range(++slices, 0, 2);
    }
}

/* One that sleeps and wakes as it likes best gets its half, and not much more. */
static void waking_often_gains_nothing(void **state)
{
    (void)state;
    add(&hart, 0, POLICY_WOKEN);
    add(&hart, 1, POLICY_WOKEN);
    for (unsigned i = 0; i < 10000; i++) {
        turn_over(&hart);
        pass_time(&hart, hart.running == &turns[0] ? SLICE * 9 / 10 : SLICE / 10);
        if (is_ready[0])
            block(&hart, 0);
        add(&hart, 0, POLICY_WOKEN);
    }
    assert_in_range(had[0], 0, (had[0] + had[1]) * 51 / 100);
}

/* Who was held back by a cap comes before busy ones, and a sleeper before it. */
static void a_sleeper_comes_before_who_was_held_back(void **state)
{
    (void)state;
    for (unsigned i = 1; i < 4; i++)
        add(&hart, i, POLICY_WOKEN);
    run_slices(30);
    pass_time(&hart, 1);
    add(&hart, 5, POLICY_FREED);
    assert_true(policy->preempts(&turns[5], hart.running));
    add(&hart, 0, POLICY_WOKEN);
    assert_ptr_equal(turn_over(&hart), &turns[0]);
    block(&hart, 0);
    assert_ptr_equal(turn_over(&hart), &turns[5]);
    pass_time(&hart, SLICE / 10);
    add(&hart, 0, POLICY_WOKEN);
    assert_true(policy->preempts(&turns[0], hart.running));
}

/* Who just blocked after its turn, and wakes at once, does not take the turn of who waits. */
static void who_had_its_turn_waits(void **state)
{
    (void)state;
    add(&hart, 0, POLICY_WOKEN);
    add(&hart, 1, POLICY_WOKEN);
    run_slices(2);
    pass_time(&hart, SLICE);
    block(&hart, 1);
    turn_over(&hart);
    add(&hart, 1, POLICY_WOKEN);
    assert_false(policy->preempts(&turns[1], hart.running));
}

static void who_is_waited_for_is_next(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        add(&hart, i, POLICY_WOKEN);
    assert_ptr_equal(turn_over(&hart), &turns[0]);
    pass_time(&hart, SLICE / 2);
    assert_true(pass_to(&hart, 3));
    assert_ptr_equal(hart.running, &turns[3]);
    pass_time(&hart, SLICE);
    assert_ptr_equal(turn_over(&hart), &turns[1]);
    assert_ptr_equal(turn_over(&hart), &turns[2]);
}

/* Who is first already may be asked for too. */
static void the_first_stays_the_first(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        add(&hart, i, POLICY_WOKEN);
    assert_true(pass_to(&hart, 0));
    assert_true(pass_to(&hart, 1));
    assert_ptr_equal(hart.running, &turns[1]);
}

/* Two that pass to each other all the time have two thirds, and no more. */
static void passing_on_gains_nothing(void **state)
{
    unsigned passed = 0;

    (void)state;
    for (unsigned i = 0; i < 3; i++)
        add(&hart, i, POLICY_WOKEN);
    turn_over(&hart);
    for (unsigned i = 0; i < 30000; i++) {
        unsigned mine = index_of(hart.running);

        pass_time(&hart, 1 + random_below(SLICE / 4));
        if (mine < 2 && pass_to(&hart, 1 - mine))
            passed++;
        else
            turn_over(&hart);
    }
    assert_in_range(passed, 1000, 30000);
    assert_in_range(had[2], (had[0] + had[1]) * 49 / 100, (had[0] + had[1]) * 51 / 100);
}

/* Whoever asks for whom: nobody is preferred who is more than a slice of its own ahead, and in the
 * long run each has its weight's part. */
static void shares_with_random_passing(void **state)
{
    for (unsigned round = 0; round < 20; round++) {
        uint64_t weights = 0, all = 0;
        unsigned count = 2 + (unsigned)random_below(30);

        setup(state);
        srandom(100 + round);
        for (unsigned i = 0; i < count; i++) {
            turns[i].weight = 1 + (uint32_t)random_below(1000);
            weights += turns[i].weight;
            add(&hart, i, POLICY_WOKEN);
        }
        turn_over(&hart);
        while (all < 20000 * SLICE) {
            uint64_t ticks = 1 + random_below(SLICE);
            unsigned to = (unsigned)random_below(count);
            uint64_t far;

            settle(&hart);
            far = hart.queue.clock + policy_virtual(&turns[to], SLICE);
            if (&turns[to] == hart.running || !pass_to(&hart, to))
                check_next_is_least();
            else
                assert_true((int64_t)(turns[to].virtual_time - far) <= 0);
            pass_time(&hart, ticks);
            all += ticks;
        }
        for (unsigned i = 0; i < count; i++) {
            uint64_t fair = all / weights * turns[i].weight;

            assert_in_range(had[i], fair > 4 * SLICE ? fair - fair / 100 - 4 * SLICE : 0,
                            fair + fair / 100 + 4 * SLICE);
        }
    }
}

/* A hart that nobody left for days: nothing overflows, and shares begin anew. */
static void a_very_long_turn_is_forgotten(void **state)
{
    (void)state;
    turns[0].weight = turns[1].weight = 1;
    add(&hart, 0, POLICY_WOKEN);
    turn_over(&hart);
    for (unsigned i = 0; i < 100; i++) {
        policy_charge(hart.running, BIT(60));
        turn_over(&hart);
    }
    add(&hart, 1, POLICY_WOKEN);
    run_slices(100);
    assert_in_range(had[1], 49 * SLICE, 52 * SLICE);
}

#define FAIR_TEST(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAIR_TEST(an_empty_hart_has_nobody),
        FAIR_TEST(shares_are_the_weights),
        FAIR_TEST(shares_of_random_weights),
        FAIR_TEST(nobody_starves),
        FAIR_TEST(a_sleeper_is_next_when_it_wakes),
        FAIR_TEST(sleep_is_no_credit),
        FAIR_TEST(waking_often_gains_nothing),
        FAIR_TEST(who_had_its_turn_waits),
        FAIR_TEST(a_sleeper_comes_before_who_was_held_back),
        FAIR_TEST(who_is_waited_for_is_next),
        FAIR_TEST(the_first_stays_the_first),
        FAIR_TEST(passing_on_gains_nothing),
        FAIR_TEST(shares_with_random_passing),
        FAIR_TEST(a_very_long_turn_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
