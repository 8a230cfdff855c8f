/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ticket lock: one holder at a time, in the order of asking, also when the numbers wrap.
 */
#include "lib/lock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void is_held_between_take_and_release(void **state)
{
    struct lock lock = {0};

    (void)state;
    assert_false(lock_is_held(&lock));
    lock_take(&lock);
    assert_true(lock_is_held(&lock));
    lock_release(&lock);
    assert_false(lock_is_held(&lock));
}

static void tickets_wrap(void **state)
{
    struct lock lock = {.next = UINT32_MAX, .owner = UINT32_MAX};

    (void)state;
    lock_take(&lock);
    assert_true(lock_is_held(&lock));
    lock_release(&lock);
    assert_false(lock_is_held(&lock));
    assert_int_equal(lock.owner, 0);
}

static void releasing_a_free_lock_is_a_bug(void **state)
{
    struct lock lock = {0};

    (void)state;
    expect_assert_failure(lock_release(&lock));
}

#define THREADS 4
#define ROUNDS  2000

struct shared {
    struct lock lock;
    uint64_t count; /* deliberately not atomic */
};

static void *count_up(void *argument)
{
    struct shared *shared = argument;

    for (int i = 0; i < ROUNDS; i++) {
        lock_take(&shared->lock);
        shared->count++;
        lock_release(&shared->lock);
    }
    return NULL;
}

static void threads_exclude_each_other(void **state)
{
    struct shared shared = {0};
    pthread_t threads[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_up, &shared), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(shared.count, THREADS * ROUNDS);
    assert_false(lock_is_held(&shared.lock));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_held_between_take_and_release),
        cmocka_unit_test(tickets_wrap),
        cmocka_unit_test(releasing_a_free_lock_is_a_bug),
        cmocka_unit_test(threads_exclude_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
