/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A long run of requests between threads. Two askers, each waits for its answer before it asks
 * again; the home hart goes to sleep, or into its guest, as soon as nothing is asked. One lost
 * wake-up or kick, and it never ends.
 */
#include "vcpu/request.h"

#include "fakes/kick.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define ROUNDS           100000
#define RUN_SECONDS      4
#define PATIENCE_SECONDS 60

static struct {
    uint32_t ipi;           /* atomic: pends at the home hart */
    uint32_t asked[2];      /* atomic, by asker: its round */
    uint32_t answered[2];   /* atomic */
    uint32_t is_over;       /* atomic */
    uint32_t is_lost;       /* atomic: an asker got no answer */
    unsigned sleeps;        /* the home hart alone */
    unsigned wrong_wakings; /* mail that holds anything but the one vCPU */
} run;

static struct vcpu vcpu;
static struct vcpu_home home;

static const uint64_t asks[2] = {VCPU_REQUEST_INTERRUPT, VCPU_REQUEST_TIMER};

static void set_ipi(const struct vcpu_home *of)
{
    (void)of;
    __atomic_store_n(&run.ipi, 1, __ATOMIC_SEQ_CST);
}

static bool is_over(void)
{
    return __atomic_load_n(&run.is_over, __ATOMIC_SEQ_CST);
}

/* platform_wait and platform_interrupts: the IPI is cleared before anything is looked at. */
static void wait_for_ipi(void)
{
    while (!__atomic_exchange_n(&run.ipi, 0, __ATOMIC_SEQ_CST) && !is_over())
        sched_yield();
}

static void answer(uint64_t requests)
{
    for (unsigned i = 0; i < 2; i++) {
        if (requests & asks[i])
            __atomic_store_n(&run.answered[i], __atomic_load_n(&run.asked[i], __ATOMIC_SEQ_CST),
                             __ATOMIC_SEQ_CST);
    }
}

static void run_guest(void)
{
    uint64_t requests = vcpu_announce_entry(&vcpu);

    if (requests) {
        answer(requests);
        return;
    }
    wait_for_ipi();
    vcpu_announce_exit(&vcpu);
}

static void sleep_until_mailed(void)
{
    struct vcpu *mailed;
    uint64_t requests;

    do {
        requests = vcpu_take_requests(&vcpu, VCPU_REQUESTS_WAKING);
        answer(requests);
    } while (requests || vcpu_announce_block(&vcpu, VCPU_REQUESTS_WAKING));
    run.sleeps++;
    while (!(mailed = vcpu_take_mail(&home)) && !is_over())
        wait_for_ipi();
    run.wrong_wakings += mailed && (mailed != &vcpu || mailed->mail_next);
}

static void *home_hart(void *argument)
{
    (void)argument;
    for (unsigned turn = 0; !is_over(); turn++) {
        if (turn % 2)
            run_guest();
        else
            sleep_until_mailed();
    }
    return NULL;
}

/* False where the answer does not come. */
static bool ask(unsigned self, uint32_t round)
{
    time_t end = time(NULL) + PATIENCE_SECONDS;

    __atomic_store_n(&run.asked[self], round, __ATOMIC_SEQ_CST);
    vcpu_request(&vcpu, asks[self]);
    while (__atomic_load_n(&run.answered[self], __ATOMIC_SEQ_CST) != round) {
        if (time(NULL) > end)
            return false;
        sched_yield();
    }
    return true;
}

/* On a machine that is busy otherwise, as many rounds as there is time for. */
static void *asker(void *argument)
{
    unsigned self = argument != NULL;
    time_t end = time(NULL) + RUN_SECONDS;

    for (uint32_t round = 1; round <= ROUNDS && time(NULL) < end; round++) {
        if (!ask(self, round)) {
            __atomic_store_n(&run.is_lost, 1, __ATOMIC_SEQ_CST);
            break;
        }
    }
    return NULL;
}

static void no_waking_is_lost_in_a_long_run(void **state)
{
    pthread_t threads[3];

    (void)state;
    memset(&run, 0, sizeof(run));
    vcpu = (struct vcpu){.home = &home};
    kick_fake = (struct kick_fake){.hook = set_ipi};
    assert_int_equal(pthread_create(&threads[0], NULL, asker, NULL), 0);
    assert_int_equal(pthread_create(&threads[1], NULL, asker, &run), 0);
    assert_int_equal(pthread_create(&threads[2], NULL, home_hart, NULL), 0);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    __atomic_store_n(&run.is_over, 1, __ATOMIC_SEQ_CST);
    assert_int_equal(pthread_join(threads[2], NULL), 0);
    assert_int_equal(run.is_lost, 0);
    assert_int_equal(run.wrong_wakings, 0);
    assert_true(run.asked[0] > 10 && run.asked[1] > 10 && run.sleeps > 10);
}

/* --- A fence that is awaited: the guest runs on until it is kicked. --- */

static uint32_t is_executing; /* atomic: guest instructions, with stale translations */
static bool is_fenced;

static void *guest_until_kicked(void *argument)
{
    (void)argument;
    wait_for_ipi();
    sched_yield();
    __atomic_store_n(&is_executing, 0, __ATOMIC_RELAXED);
    vcpu_announce_exit(&vcpu);
    is_fenced = vcpu_announce_entry(&vcpu) & VCPU_REQUEST_FENCE_VVMA;
    return NULL;
}

static void awaiting_lasts_as_long_as_the_guest(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 300; round++) {
        pthread_t guest;

        memset(&run, 0, sizeof(run));
        vcpu = (struct vcpu){.home = &home};
        kick_fake = (struct kick_fake){.hook = set_ipi};
        is_executing = 1;
        is_fenced = false;
        assert_int_equal(vcpu_announce_entry(&vcpu), 0);
        assert_int_equal(pthread_create(&guest, NULL, guest_until_kicked, NULL), 0);
        vcpu_request(&vcpu, VCPU_REQUEST_FENCE_VVMA);
        vcpu_request_await(&vcpu, VCPU_REQUEST_FENCE_VVMA);
        assert_int_equal(__atomic_load_n(&is_executing, __ATOMIC_RELAXED), 0);
        assert_int_equal(pthread_join(guest, NULL), 0);
        assert_true(is_fenced);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_waking_is_lost_in_a_long_run),
        cmocka_unit_test(awaiting_lasts_as_long_as_the_guest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
