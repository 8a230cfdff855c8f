/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests between harts, one step at a time: who is kicked, who is mailed, who sleeps on. For
 * steps at the same time see test_request_orders.c and test_request_threads.c.
 */
#include "vcpu/request.h"

#include "fakes/kick.h"
#include "riscv/csr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define FENCES (VCPU_REQUEST_FENCE_I | VCPU_REQUEST_FENCE_VVMA)

static const uint64_t waking[] = {VCPU_REQUEST_INTERRUPT, VCPU_REQUEST_START, VCPU_REQUEST_STOP,
                                  VCPU_REQUEST_TIMER};

static struct vcpu vcpu, sibling;
static struct vcpu_home home;

static int start(void **state)
{
    (void)state;
    home = (struct vcpu_home){.hartid = 5};
    vcpu = (struct vcpu){.home = &home};
    sibling = (struct vcpu){.home = &home};
    kick_fake = (struct kick_fake){0};
    return 0;
}

static void in_the_hypervisor_it_looks_by_itself(void **state)
{
    (void)state;
    vcpu_request(&vcpu, VCPU_REQUEST_INTERRUPT);
    vcpu_request(&vcpu, VCPU_REQUEST_FENCE_I);
    assert_int_equal(vcpu.requests, VCPU_REQUEST_INTERRUPT | VCPU_REQUEST_FENCE_I);
    assert_int_equal(kick_fake.count, 0);
    assert_false(vcpu_has_mail(&home));
}

static void in_its_guest_it_is_kicked(void **state)
{
    (void)state;
    assert_int_equal(vcpu_announce_entry(&vcpu), 0);
    vcpu_request(&vcpu, VCPU_REQUEST_FENCE_VVMA);
    assert_int_equal(kick_fake.count, 1);
    assert_ptr_equal(kick_fake.last, &home);
    assert_false(vcpu_has_mail(&home));
    vcpu_announce_exit(&vcpu);
    vcpu_request(&vcpu, VCPU_REQUEST_INTERRUPT);
    assert_int_equal(kick_fake.count, 1);
}

static void a_blocked_one_is_mailed_once(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(waking); i++) {
        start(NULL);
        assert_false(vcpu_announce_block(&vcpu, VCPU_REQUESTS_WAKING));
        vcpu_request(&vcpu, waking[i]);
        assert_int_equal(vcpu.is_blocked, 0);
        assert_true(vcpu_has_mail(&home));
        assert_int_equal(kick_fake.count, 1);
        vcpu_request(&vcpu, VCPU_REQUEST_INTERRUPT);
        assert_int_equal(kick_fake.count, 1);
        assert_ptr_equal(vcpu_take_mail(&home), &vcpu);
        assert_null(vcpu.mail_next);
        assert_false(vcpu_has_mail(&home));
        assert_null(vcpu_take_mail(&home));
        assert_int_equal(vcpu.requests, waking[i] | VCPU_REQUEST_INTERRUPT);
    }
}

static void fences_let_it_sleep(void **state)
{
    (void)state;
    vcpu_request(&vcpu, VCPU_REQUEST_FENCE_I);
    assert_false(vcpu_announce_block(&vcpu, VCPU_REQUESTS_WAKING));
    vcpu_request(&vcpu, VCPU_REQUEST_FENCE_VVMA);
    assert_int_equal(vcpu.is_blocked, 1);
    assert_int_equal(kick_fake.count, 0);
    assert_false(vcpu_has_mail(&home));
    vcpu_request(&vcpu, VCPU_REQUEST_TIMER | VCPU_REQUEST_FENCE_I);
    assert_ptr_equal(vcpu_take_mail(&home), &vcpu);
    assert_int_equal(vcpu.requests, VCPU_REQUEST_TIMER | FENCES);
}

static void it_does_not_block_over_a_request(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(waking); i++) {
        start(NULL);
        vcpu_request(&vcpu, waking[i]);
        assert_true(vcpu_announce_block(&vcpu, VCPU_REQUESTS_WAKING));
        assert_int_equal(vcpu.is_blocked, 0);
        assert_false(vcpu_has_mail(&home));
        assert_int_equal(vcpu.requests, waking[i]);
    }
}

static void it_does_not_enter_over_a_request(void **state)
{
    (void)state;
    vcpu_request(&vcpu, FENCES);
    vcpu_request(&vcpu, VCPU_REQUEST_STOP);
    assert_int_equal(vcpu_announce_entry(&vcpu), FENCES | VCPU_REQUEST_STOP);
    assert_int_equal(vcpu.in_guest, 0);
    assert_int_equal(vcpu.requests, 0);
    assert_int_equal(vcpu_announce_entry(&vcpu), 0);
    assert_int_equal(vcpu.in_guest, 1);
    vcpu_announce_exit(&vcpu);
    assert_int_equal(vcpu.in_guest, 0);
}

static void only_what_is_asked_for_is_taken(void **state)
{
    (void)state;
    vcpu_request(&vcpu, VCPU_REQUEST_START | VCPU_REQUEST_FENCE_I);
    assert_int_equal(vcpu_take_requests(&vcpu, VCPU_REQUESTS_WAKING), VCPU_REQUEST_START);
    assert_int_equal(vcpu_take_requests(&vcpu, VCPU_REQUESTS_WAKING), 0);
    assert_int_equal(vcpu.requests, VCPU_REQUEST_FENCE_I);
}

static void interrupts_carry_their_level(void **state)
{
    (void)state;
    assert_false(vcpu_announce_block(&vcpu, VCPU_REQUESTS_WAKING));
    vcpu_interrupt(&vcpu, HVIP_VSEIP, true);
    assert_int_equal(vcpu.pending.changed, HVIP_VSEIP);
    assert_int_equal(vcpu.pending.level, HVIP_VSEIP);
    assert_int_equal(vcpu.requests, VCPU_REQUEST_INTERRUPT);
    assert_int_equal(kick_fake.count, 1);
    vcpu_interrupt(&vcpu, HVIP_VSEIP, false);
    assert_int_equal(vcpu.pending.level, 0);
    assert_int_equal(kick_fake.count, 1);
}

static void the_mail_holds_many(void **state)
{
    struct vcpu *first;

    (void)state;
    assert_false(vcpu_announce_block(&vcpu, VCPU_REQUESTS_WAKING));
    assert_false(vcpu_announce_block(&sibling, VCPU_REQUESTS_WAKING));
    vcpu_request(&vcpu, VCPU_REQUEST_START);
    vcpu_request(&sibling, VCPU_REQUEST_START);
    first = vcpu_take_mail(&home);
    assert_ptr_equal(first, &sibling);
    assert_ptr_equal(first->mail_next, &vcpu);
    assert_null(vcpu.mail_next);
}

static void awaiting_ends_where_nothing_runs(void **state)
{
    (void)state;
    vcpu_request(&vcpu, FENCES);
    vcpu_request_await(&vcpu, FENCES); /* not in its guest: it will fence before it enters */
    assert_false(vcpu_announce_block(&sibling, VCPU_REQUESTS_WAKING));
    vcpu_request(&sibling, FENCES);
    vcpu_request_await(&sibling, FENCES);
    start(NULL);
    assert_int_equal(vcpu_announce_entry(&vcpu), 0);
    vcpu_request_await(&vcpu, FENCES); /* nothing is asked for, or it was done already */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(in_the_hypervisor_it_looks_by_itself, start),
        cmocka_unit_test_setup(in_its_guest_it_is_kicked, start),
        cmocka_unit_test_setup(a_blocked_one_is_mailed_once, start),
        cmocka_unit_test_setup(fences_let_it_sleep, start),
        cmocka_unit_test_setup(it_does_not_block_over_a_request, start),
        cmocka_unit_test_setup(it_does_not_enter_over_a_request, start),
        cmocka_unit_test_setup(only_what_is_asked_for_is_taken, start),
        cmocka_unit_test_setup(interrupts_carry_their_level, start),
        cmocka_unit_test_setup(the_mail_holds_many, start),
        cmocka_unit_test_setup(awaiting_ends_where_nothing_runs, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
