/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The slot of a remote fence in every order of its atomic steps: who was told that a page is
 * fenced is right, whoever else asked for another page at the same time, and no range is lost or
 * read half.
 */
/* Before the pauses: what traces read is no step of the protocol. */
#include "trace/trace.h"

#include "interleave.h"

#include "vcpu/fence_slot.c"
#include "vcpu/request.c"

#define PAGES 2 /* one an asker */

static struct vcpu vcpu;
static struct vcpu_home home;
static bool is_asked[PAGES]; /* somebody wants it fenced */
static bool is_stale[PAGES]; /* the guest's translation of the page */
static bool was_told[PAGES]; /* its asker has come back from the call */
static bool was_wrong;       /* the guest used a page that it should not have */
static unsigned in_one, in_all;

void kick_home(const struct vcpu_home *of)
{
    assert_ptr_equal(of, &home);
    interleave_step();
}

static void prepare(void)
{
    home = (struct vcpu_home){0};
    vcpu = (struct vcpu){.home = &home};
    for (unsigned page = 0; page < PAGES; page++) {
        is_stale[page] = true;
        was_told[page] = is_asked[page] = false;
    }
    was_wrong = false;
}

/* The first asker has asked already and waits; its hart is still in the guest. */
static void prepare_asked(void)
{
    prepare();
    is_asked[0] = true;
    fence_slot_ask(&vcpu, &(struct vma_range){.start = 0, .pages = 1, .asid = 7});
}

static void ask(unsigned page)
{
    struct vma_range range = {.start = page, .pages = page + 1, .asid = page + 7};

    is_asked[page] = true;
    fence_slot_ask(&vcpu, &range);
    interleave_set_waiting(true);
    vcpu_request_await(&vcpu, FENCE_SLOT_REQUESTS);
    interleave_set_waiting(false);
    was_told[page] = true;
}

static void ask_first(void)
{
    ask(0);
}

static void ask_second(void)
{
    ask(1);
}

/* vm_fence() of vm/fence.c, on pages of one number each. */
static void serve(uint64_t requests)
{
    if (requests & VCPU_REQUEST_FENCE_RANGE) {
        struct vma_range range = fence_slot_take(&vcpu);

        assert_true(range.start < PAGES);
        assert_int_equal(range.pages, range.start + 1);
        assert_int_equal(range.asid, range.start + 7);
        is_stale[range.start] = false;
        in_one++;
    }
    if (requests & VCPU_REQUEST_FENCE_VVMA) {
        is_stale[0] = is_stale[1] = false;
        in_all++;
    }
}

/* run_once() of sched/run.c, some times over. */
static void enter(void)
{
    uint64_t requests = vcpu_announce_entry(&vcpu);

    serve(requests);
    if (requests == 0) {
        interleave_step();
        for (unsigned page = 0; page < PAGES; page++)
            was_wrong |= was_told[page] && is_stale[page];
        vcpu_announce_exit(&vcpu);
    }
}

static void enter_twice(void)
{
    enter();
    enter();
}

/* Every page is fenced, or will be before the next entry; then the slot is free. */
static void check(void)
{
    assert_false(was_wrong);
    serve(vcpu_announce_entry(&vcpu));
    for (unsigned page = 0; page < PAGES; page++)
        assert_false(is_stale[page] && is_asked[page]);
    assert_int_equal(vcpu.fence.is_taken, 0);
    assert_int_equal(vcpu.requests, 0);
}

#define TRY(prepare, ...)                                                                          \
    interleave_all((void (*const[])(void)){__VA_ARGS__},                                           \
                   sizeof((void (*const[])(void)){__VA_ARGS__}) / sizeof(void (*)(void)), prepare, \
                   check)

static void one_asker_while_it_enters(void **state)
{
    (void)state;
    in_one = in_all = 0;
    assert_true(TRY(prepare, ask_first, enter_twice) > 1000);
    assert_true(in_one > 0);
    assert_int_equal(in_all, 0);
}

static void two_askers(void **state)
{
    (void)state;
    in_one = in_all = 0;
    assert_true(TRY(prepare, ask_first, ask_second) > 100);
    assert_true(in_one > 0);
    assert_true(in_all > 0);
}

/* The second one finds the slot taken, or just free again. */
static void a_second_asker_while_the_first_is_served(void **state)
{
    (void)state;
    in_one = in_all = 0;
    assert_true(TRY(prepare_asked, ask_second, enter_twice) > 1000);
    assert_true(in_one > 0);
    assert_true(in_all > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_asker_while_it_enters),
        cmocka_unit_test(two_askers),
        cmocka_unit_test(a_second_asker_while_the_first_is_served),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
