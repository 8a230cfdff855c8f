/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The protocol of request.c in every order of its atomic steps: no wake-up and no kick is lost, no
 * vCPU is mailed twice, nobody who waits for a fence is told too early. The home hart's side is
 * played as sched/ plays it.
 */
/* Before the pauses: what traces read is no step of the protocol. */
#include "trace/trace.h"

#include "interleave.h"

#include "vcpu/request.c"

static struct vcpu vcpu, sibling;
static struct vcpu_home home;
static bool is_kicked; /* the home hart has an IPI */

/* What the home hart did. */
static uint64_t served;
static bool is_asleep, is_in_guest;
static struct vcpu *taken; /* mail */
/* Of a fence: the guest's translations are stale, the asker was told that they are not, and the
 * guest used them after that. */
static bool is_stale, was_told, was_wrong;

void kick_home(const struct vcpu_home *of)
{
    assert_ptr_equal(of, &home);
    interleave_step();
    is_kicked = true;
}

static void prepare(void)
{
    home = (struct vcpu_home){0};
    vcpu = (struct vcpu){.home = &home};
    sibling = (struct vcpu){.home = &home};
    served = 0;
    taken = NULL;
    is_kicked = is_asleep = is_in_guest = was_told = was_wrong = false;
    is_stale = true;
}

static void prepare_asleep(void)
{
    prepare();
    vcpu.is_blocked = 1;
    sibling.is_blocked = 1;
}

static void prepare_in_guest(void)
{
    prepare();
    vcpu.in_guest = 1;
}

static void ask_interrupt(void)
{
    vcpu_request(&vcpu, VCPU_REQUEST_INTERRUPT);
}

static void ask_start(void)
{
    vcpu_request(&vcpu, VCPU_REQUEST_START);
}

static void ask_sibling(void)
{
    vcpu_request(&sibling, VCPU_REQUEST_START);
}

static void ask_fence(void)
{
    vcpu_request(&vcpu, VCPU_REQUEST_FENCE_I);
}

static void ask_fence_and_await(void)
{
    vcpu_request(&vcpu, VCPU_REQUEST_FENCE_VVMA);
    interleave_set_waiting(true);
    vcpu_request_await(&vcpu, VCPU_REQUEST_FENCE_VVMA);
    interleave_set_waiting(false);
    was_told = true;
}

/* sleep_settle() of sched/sleep.c. */
static void block(void)
{
    do {
        served |= vcpu_take_requests(&vcpu, VCPU_REQUESTS_WAKING);
        if (served)
            return;
    } while (vcpu_announce_block(&vcpu, VCPU_REQUESTS_WAKING));
    is_asleep = true;
}

/* read_mail() there: a vCPU that was mailed is not asleep any more. */
static void block_and_read_mail(void)
{
    block();
    taken = vcpu_take_mail(&home);
    if (is_asleep && taken == &vcpu) {
        is_asleep = false;
        block();
    }
}

static void take_mail(void)
{
    taken = vcpu_take_mail(&home);
}

/* run_once() of sched/run.c. */
static void enter(void)
{
    served = vcpu_announce_entry(&vcpu);
    is_in_guest = served == 0;
}

/* The same, some times over, with a guest instruction that uses translations. */
static void enter_again_and_again(void)
{
    for (unsigned round = 0; round < 3; round++) {
        uint64_t requests = vcpu_announce_entry(&vcpu);

        if (requests & VCPU_REQUEST_FENCE_VVMA) {
            is_stale = false;
        } else if (requests == 0) {
            interleave_step();
            was_wrong |= was_told && is_stale;
            vcpu_announce_exit(&vcpu);
        }
    }
}

static unsigned count_mail(const struct vcpu *of, const struct vcpu *first)
{
    unsigned count = 0;

    for (; first; first = first->mail_next)
        count += first == of;
    return count;
}

/* Whoever asked for `bits`: the home hart has seen it, or will see it because of its mail. */
static void expect_awake(uint64_t bits)
{
    unsigned mails = count_mail(&vcpu, home.mail);

    assert_int_equal((served | vcpu.requests) & bits, bits);
    if (is_asleep) {
        assert_int_equal(mails, 1);
        assert_true(is_kicked);
    } else {
        assert_int_equal(mails, 0);
        assert_true(served);
    }
    assert_int_equal(vcpu.is_blocked, 0);
}

static void check_interrupt(void)
{
    expect_awake(VCPU_REQUEST_INTERRUPT);
}

static void check_both(void)
{
    expect_awake(VCPU_REQUEST_INTERRUPT | VCPU_REQUEST_START);
}

/* A fence alone wakes nobody, and is not forgotten. */
static void check_fence_keeps(void)
{
    assert_true(is_asleep);
    assert_false(is_kicked);
    assert_int_equal(vcpu.is_blocked, 1);
    assert_int_equal(vcpu.requests, VCPU_REQUEST_FENCE_I);
    assert_null(home.mail);
}

static void check_fence_and_interrupt(void)
{
    expect_awake(VCPU_REQUEST_INTERRUPT);
    assert_true(vcpu.requests & VCPU_REQUEST_FENCE_I);
}

/* In its guest it is kicked; else it has what was asked for before it enters. */
static void check_entry(void)
{
    assert_int_equal(vcpu.in_guest, is_in_guest);
    if (is_in_guest) {
        assert_int_equal(vcpu.requests, VCPU_REQUEST_INTERRUPT);
        assert_true(is_kicked);
    } else {
        assert_int_equal(served | vcpu.requests, VCPU_REQUEST_INTERRUPT);
    }
    assert_null(home.mail);
}

static void check_fence(void)
{
    assert_true(was_told);
    assert_false(was_wrong);
    if (is_stale)
        assert_true(vcpu.requests & VCPU_REQUEST_FENCE_VVMA);
}

/* Each is in the mail that was taken or in that which is left, once. */
static void check_two_in_the_mail(void)
{
    assert_int_equal(count_mail(&vcpu, taken) + count_mail(&vcpu, home.mail), 1);
    assert_int_equal(count_mail(&sibling, taken) + count_mail(&sibling, home.mail), 1);
    if (home.mail)
        assert_true(is_kicked);
}

static void check_kick(void)
{
    assert_true(is_kicked);
    assert_int_equal(vcpu.requests, VCPU_REQUEST_INTERRUPT | VCPU_REQUEST_START);
    assert_null(home.mail);
}

#define TRY(prepare, check, ...)                                                                   \
    interleave_all((void (*const[])(void)){__VA_ARGS__},                                           \
                   sizeof((void (*const[])(void)){__VA_ARGS__}) / sizeof(void (*)(void)), prepare, \
                   check)

static void one_asker_while_it_blocks(void **state)
{
    (void)state;
    assert_true(TRY(prepare, check_interrupt, ask_interrupt, block) > 50);
    assert_true(TRY(prepare, check_interrupt, ask_interrupt, block_and_read_mail) > 100);
}

static void two_askers_while_it_blocks(void **state)
{
    (void)state;
    assert_true(TRY(prepare, check_both, ask_interrupt, ask_start, block) > 10000);
}

static void a_fence_does_not_wake(void **state)
{
    (void)state;
    assert_true(TRY(prepare, check_fence_keeps, ask_fence, block) > 10);
    assert_true(TRY(prepare, check_fence_and_interrupt, ask_fence, ask_interrupt, block) > 5000);
}

static void one_asker_while_it_enters(void **state)
{
    (void)state;
    assert_true(TRY(prepare, check_entry, ask_interrupt, enter) > 10);
}

static void two_askers_while_it_runs(void **state)
{
    (void)state;
    assert_true(TRY(prepare_in_guest, check_kick, ask_interrupt, ask_start) > 10);
}

static void a_fence_that_is_awaited(void **state)
{
    (void)state;
    assert_true(TRY(prepare, check_fence, ask_fence_and_await, enter_again_and_again) > 10000);
}

static void two_vcpus_of_one_home(void **state)
{
    (void)state;
    assert_true(TRY(prepare_asleep, check_two_in_the_mail, ask_interrupt, ask_sibling, take_mail) >
                10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_asker_while_it_blocks), cmocka_unit_test(two_askers_while_it_blocks),
        cmocka_unit_test(a_fence_does_not_wake),     cmocka_unit_test(one_asker_while_it_enters),
        cmocka_unit_test(two_askers_while_it_runs),  cmocka_unit_test(a_fence_that_is_awaited),
        cmocka_unit_test(two_vcpus_of_one_home),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
