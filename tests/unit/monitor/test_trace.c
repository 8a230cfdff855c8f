/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command `trace`: what it switches, shows and refuses, on two harts whose rings the test
 * fills.
 */
#include "../life/life_fixture.h"

#include "fakes/put.h"
#include "monitor/command.h"
#include "sched/balance.h"
#include "trace/control.h"

#define HARTS 2

static struct hart harts[HARTS];
static struct answer answer;
static struct order order;
static char text[65536];

static int start(void **state)
{
    int err = life_setup(state);

    if (err)
        return err;
    caps.timebase = 10000000;
    put_reset(0);
    if (!balance_harts()) {
        for (unsigned i = 0; i < HARTS; i++) {
            harts[i].index = i;
            balance_join(&harts[i]);
        }
    }
    return 0;
}

static const char *run(const char *line)
{
    static char words[256];
    const char *name;

    strcpy(words, line);
    answer_init(&answer, ANSWER_JSON, text, sizeof(text) - 1);
    order = (struct order){.answer = &answer};
    name = command_split(&order, words);
    command_run(&order, name);
    text[answer.length] = '\0';
    return answer.is_refused ? answer.error : text;
}

static void put(struct hart *hart, uint64_t time, uint32_t who)
{
    struct trace_record *record = trace_ring_take(hart->head.ring, time);

    assert_non_null(record);
    record->what = trace_what(TRACE_KIND_SCHED, TRACE_SCHED_BLOCK, who) | hart->head.ring->hart;
    trace_ring_show(hart->head.ring);
}

/* The first test: rings stay for ever, but what they stand on is this test's pool. */
static void it_records_and_shows(void **state)
{
    struct machine *machine = life_created("a", 2);

    (void)state;
    assert_null(harts[0].head.ring);
    assert_non_null(strstr(run("trace"), "\"exit\":false"));
    assert_non_null(
        strstr(run("trace on sbi,sched"), "\"exit\":false,\"entry\":false,\"sbi\":true"));
    assert_int_equal(trace_mask(), BIT(TRACE_SBI) | BIT(TRACE_SCHED));
    assert_true(machine->vm->vcpus[1].is_observed);
    put(&harts[0], 10, machine->vm->vcpus[0].who);
    put(&harts[1], 20, TRACE_NOBODY);
    put(&harts[0], 30, machine->vm->vcpus[1].who);
    assert_non_null(strstr(run("trace"),
                           "\"records\":["
                           "{\"us\":1,\"hart\":0,\"vm\":\"a\",\"vcpu\":\"0\",\"kind\":\"sched\","
                           "\"what\":\"sleeps\"},"
                           "{\"us\":2,\"hart\":1,\"vm\":\"\",\"vcpu\":\"\",\"kind\":\"sched\","
                           "\"what\":\"sleeps\"},"
                           "{\"us\":3,\"hart\":0,\"vm\":\"a\",\"vcpu\":\"1\",\"kind\":\"sched\","
                           "\"what\":\"sleeps\"}]"));
    assert_non_null(strstr(run("trace 1"), "\"records\":[{\"us\":3"));
    assert_non_null(strstr(run("trace a 2"), "\"records\":[{\"us\":1"));
    assert_null(strstr(run("trace a"), "\"us\":2"));
    assert_non_null(strstr(run("trace off"), "\"sbi\":false"));
    assert_int_equal(trace_mask(), 0);
    assert_false(machine->vm->vcpus[1].is_observed);
    assert_non_null(strstr(run("trace 1"), "\"records\":[{\"us\":3"));
}

static void by_itself_it_is_all_but_entries(void **state)
{
    (void)state;
    run("trace on");
    assert_int_equal(trace_mask(), TRACE_MASK_DEFAULT);
    run("trace on all");
    assert_int_equal(trace_mask(), TRACE_MASK_ALL);
    run("trace off");
    run("trace off");
    assert_int_equal(trace_mask(), 0);
}

/* A machine that comes while traces are on is named and observed. */
static void machines_may_come_meanwhile(void **state)
{
    struct machine *machine;

    (void)state;
    run("trace on life,exit");
    machine = life_created("b", 1);
    assert_true(machine->vm->vcpus[0].is_observed);
    assert_int_equal(put_find(TRACE_KIND_NAME)->vm, machine->id);
    assert_memory_equal(put_find(TRACE_KIND_NAME)->value, "b", 2);
    run("destroy b");
    run("trace off");
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    assert_string_equal(run("trace on nonsense"),
                        "nonsense names no categories, such as exit,sbi or all");
    assert_string_equal(run("trace x"), "there is no VM x");
    assert_string_equal(run("trace 0"), "0 is no number of records, 1 to 200");
    assert_string_equal(run("trace 201"), "201 is no number of records, 1 to 200");
    assert_string_equal(run("trace off x"), "there is no VM off");
    life_created("a", 1);
    assert_string_equal(run("trace a x"), "x is no number of records, 1 to 200");
    assert_int_equal(trace_mask(), 0);
}

#define TRACE_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRACE_TEST(it_records_and_shows),
        TRACE_TEST(by_itself_it_is_all_but_entries),
        TRACE_TEST(machines_may_come_meanwhile),
        TRACE_TEST(what_makes_no_sense_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
