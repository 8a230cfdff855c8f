/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A request that comes while its vCPU falls asleep, after the look at the requests and before the
 * word that it sleeps: another hart, played by a pending_take of the test's own.
 */
#include "queue_fixture.h"

#include "vcpu/pending.h"

static uint64_t coming; /* what the other hart asks for in that moment */

/* Stand in for vcpu/pending.c. */
void pending_set(struct vcpu *of, uint64_t bits, bool level)
{
    of->pending.level = level ? bits : 0;
}

void pending_take(struct vcpu *of, uint64_t *raise, uint64_t *lower)
{
    uint64_t requests = coming;

    *raise = of->pending.level;
    *lower = 0;
    coming = 0;
    if (requests & VCPU_REQUEST_INTERRUPT)
        pending_set(of, HVIP_VSSIP, true);
    if (requests)
        vcpu_request(of, requests);
}

static void an_interrupt_in_that_moment_wakes_it(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP | SIP_STIP);
    vscsr_hart.csrs.vstimecmp = 5000; /* it was among the sleepers already */
    coming = VCPU_REQUEST_INTERRUPT;
    queue_block(&hart, vcpu);
    assert_int_equal(vcpu->is_blocked, 0);
    assert_int_equal(hart.ready_count, 1);
    assert_true(heap_is_empty(&hart.sleepers));
    assert_null(hart.home.mail);
    assert_ptr_equal(queue_take(), vcpu);
    assert_int_equal(vscsr_hart.csrs.hvip, HVIP_VSSIP);
}

static void a_stop_in_that_moment_is_obeyed(void **state)
{
    (void)state;
    queue_run_first(SIP_STIP);
    vscsr_hart.csrs.vstimecmp = 5000;
    coming = VCPU_REQUEST_STOP;
    queue_block(&hart, vcpu);
    assert_int_equal(leaves, 1);
    assert_true(heap_is_empty(&hart.sleepers));
    assert_null(hart.home.mail);
    assert_null(queue_take());
}

static void a_fence_in_that_moment_lets_it_sleep(void **state)
{
    (void)state;
    queue_run_first(SIP_SSIP);
    coming = VCPU_REQUEST_FENCE_I;
    queue_block(&hart, vcpu);
    assert_int_equal(vcpu->is_blocked, 1);
    assert_true(vcpu->requests & VCPU_REQUEST_FENCE_I);
    assert_null(queue_take());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(an_interrupt_in_that_moment_wakes_it),
        QUEUE_TEST(a_stop_in_that_moment_is_obeyed),
        QUEUE_TEST(a_fence_in_that_moment_lets_it_sleep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
