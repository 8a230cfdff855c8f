/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Orders on their way: lines at the control port, good, bad, too long, cut and binary, each with
 * its answer in its turn; keys of a person; orders that wait for other harts.
 */
#include "../life/life_fixture.h"

#include "monitor/control.h"
#include "monitor/keyboard.h"
#include "monitor/monitor.h"

#include <stdio.h>

static char shown[32768];
static bool hurries; /* what monitor_work said last */

static void show(const char *bytes, size_t count)
{
    assert_true(strlen(shown) + count < sizeof(shown));
    strncat(shown, bytes, count);
}

static void begin(void **state, const char *bootargs)
{
    life_setup(state);
    shown[0] = '\0';
    console_init(show);
    print_set_sink(console_print);
    platform.bootargs = bootargs;
}

static struct vcpu_home home;

static int control_setup(void **state)
{
    begin(state, "control");
    assert_true(monitor_start(&home));
    return 0;
}

static int keyboard_setup(void **state)
{
    begin(state, "monitor");
    assert_true(monitor_start(&home));
    shown[0] = '\0';
    return 0;
}

/* Lets it work until nothing is left to do, or only what waits for others. */
static void work(void)
{
    for (unsigned i = 0; i < 100; i++)
        hurries = monitor_work();
}

/* The port's bytes come in; all that is answered. */
static const char *ask(const char *bytes)
{
    board_fake.port_in = bytes;
    board_fake.port_count = 0;
    memset(board_fake.port_text, 0, sizeof(board_fake.port_text));
    monitor_wake();
    work();
    return board_fake.port_text;
}

static void each_line_is_answered(void **state)
{
    (void)state;
    assert_string_equal(ask("{\"id\":5,\"command\":\"list\"}\n"),
                        "{\"id\":5,\"ok\":true,\"result\":{\"vms\":[]}}\n");
    assert_false(hurries);
    assert_string_equal(ask("{\"command\":\"pause\",\"args\":[\"a\\\"\"]}\n"),
                        "{\"id\":null,\"ok\":false,\"error\":\"there is no VM a\\\"\"}\n");
    assert_string_equal(ask("\n\n{\"id\":1,\"command\":\"x\"}\n{\"id\":2,\"command\":\"list\"}\n"),
                        "{\"id\":1,\"ok\":false,\"error\":\"there is no command x; try help\"}\n"
                        "{\"id\":2,\"ok\":true,\"result\":{\"vms\":[]}}\n");
}

static void lines_may_come_in_pieces(void **state)
{
    static const char line[] = "{\"id\":3,\"command\":\"list\"}\n";
    char byte[2] = "";

    (void)state;
    for (size_t i = 0; i < sizeof(line) - 2; i++) {
        byte[0] = line[i];
        assert_string_equal(ask(byte), "");
    }
    assert_string_equal(ask("\n"), "{\"id\":3,\"ok\":true,\"result\":{\"vms\":[]}}\n");
}

static void what_is_no_request_is_answered_too(void **state)
{
    (void)state;
    assert_string_equal(ask("pause linux\n"),
                        "{\"id\":null,\"ok\":false,\"error\":\"not a JSON object\"}\n");
    assert_string_equal(ask("\x01\xff\x80{\n"),
                        "{\"id\":null,\"ok\":false,\"error\":\"not a JSON object\"}\n");
    assert_string_equal(ask("{\"id\":9,\"command\":4}\n"),
                        "{\"id\":9,\"ok\":false,\"error\":\"a string is expected\"}\n");
}

/* The line that is too long costs nothing but itself. */
static void a_line_may_be_too_long(void **state)
{
    static char lines[3 * CONTROL_LINE_MAX];

    (void)state;
    memset(lines, 'x', 2 * CONTROL_LINE_MAX);
    strcpy(lines + 2 * CONTROL_LINE_MAX, "\n{\"id\":4,\"command\":\"list\"}\n");
    assert_string_equal(
        ask(lines), "{\"id\":null,\"ok\":false,\"error\":\"a line is longer than 4095 bytes\"}\n"
                    "{\"id\":4,\"ok\":true,\"result\":{\"vms\":[]}}\n");
    strcpy(lines + CONTROL_LINE_MAX, "\n");
    assert_string_equal(ask(lines), "{\"id\":null,\"ok\":false,\"error\":\"not a JSON object\"}\n");
}

/* A flood is taken in turns. */
static void the_guests_get_their_turn(void **state)
{
    static char lines[16 * 64];

    (void)state;
    for (unsigned i = 0; i < 16; i++)
        strcat(lines, "{\"command\":\"list\"}\n");
    board_fake.port_in = lines;
    monitor_wake();
    hurries = monitor_work();
    assert_true(strlen(board_fake.port_text) < 9 * 50);
    assert_true(hurries);
    work();
    assert_false(hurries);
    assert_int_equal(board_fake.port_count, 16 * strlen("{\"id\":null,\"ok\":true,\"result\":"
                                                        "{\"vms\":[]}}\n"));
}

static void an_answer_waits_until_it_is_done(void **state)
{
    struct machine *machine = life_started("a", 1);
    struct vm *vm = machine->vm;

    (void)state;
    assert_string_equal(ask("{\"id\":1,\"command\":\"destroy\",\"args\":[\"a\"]}\n"
                            "{\"id\":2,\"command\":\"list\"}\n"),
                        "");
    assert_true(hurries);
    life_leave_all(vm);
    work();
    assert_string_equal(board_fake.port_text, "{\"id\":1,\"ok\":true,\"result\":{\"vm\":\"a\"}}\n"
                                              "{\"id\":2,\"ok\":true,\"result\":{\"vms\":[]}}\n");
    assert_false(hurries);
}

/* What stands behind it in the queue waits, and the machine runs on before it is answered. */
static void a_look_waits_for_the_vcpus(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    assert_string_equal(ask("{\"id\":1,\"command\":\"regs\",\"args\":[\"a\"]}\n"
                            "{\"id\":2,\"command\":\"pause\",\"args\":[\"b\"]}\n"),
                        "");
    machine->vm->vcpus[0].regs.x[REG_SP] = 0x1234;
    machine->vm->vcpus[0].is_blocked = 1;
    work();
    assert_non_null(strstr(board_fake.port_text, "{\"id\":1,\"ok\":true,\"result\":{\"vm\":\"a\""));
    assert_non_null(strstr(board_fake.port_text, "\"sp\":\"0x1234\""));
    assert_non_null(strstr(board_fake.port_text, "{\"id\":2,\"ok\":false"));
    assert_int_equal(machine->vm->state, VM_RUNNING);
}

static void hear(const char *bytes, size_t count)
{
    strncat(board_fake.port_text, bytes, count);
}

static const char *order_in_words(const char *words)
{
    char text[64];

    snprintf(text, sizeof(text), "%s", words);
    board_fake.port_text[0] = '\0';
    monitor_order(text, hear);
    return board_fake.port_text;
}

/* From a debugger: nothing is waited for, and one at a time. */
static void orders_come_in_words(void **state)
{
    struct machine *machine = life_started("a", 1);

    (void)state;
    assert_non_null(strstr(order_in_words("mem"), "total_pages: "));
    assert_string_equal(order_in_words("pause b"), "there is no VM b\n");
    assert_string_equal(order_in_words(""), "");
    assert_string_equal(order_in_words("regs a"), "a is running: pause it first\n");
    assert_int_equal(machine->vm->state, VM_RUNNING);
    assert_string_equal(order_in_words("pause a"), "vm: a\n");
    assert_int_equal(machine->vm->state, VM_PAUSED);
    ask("{\"id\":1,\"command\":\"destroy\",\"args\":[\"a\"]}\n");
    assert_non_null(strstr(order_in_words("list"), "try again"));
    life_leave_all(machine->vm);
}

static void long_answers_are_refused(void **state)
{
    static struct answer answer;
    static char text[16];

    (void)state;
    ask("{\"id\":6,\"command\":\"list\"}\n");
    answer_init(&answer, ANSWER_JSON, text, sizeof(text));
    answer_refuse(&answer, "no\n\x01");
    board_fake.port_count = 0;
    memset(board_fake.port_text, 0, sizeof(board_fake.port_text));
    control_answer(&answer);
    assert_string_equal(board_fake.port_text,
                        "{\"id\":6,\"ok\":false,\"error\":\"no\\n\\u0001\"}\n");
}

static void quit_all(void *argument)
{
    (void)argument;
    ask("{\"id\":1,\"command\":\"quit\"}\n");
}

static void quit_answers_first(void **state)
{
    (void)state;
    assert_int_equal(end_of(quit_all, NULL), END_EXIT);
    assert_int_equal(board_fake.status, PLATFORM_OK);
    assert_string_equal(board_fake.port_text,
                        "{\"id\":1,\"ok\":true,\"result\":{\"quits\":true}}\n");
}

static void nobody_is_let_in_unasked(void **state)
{
    begin(state, "stats");
    assert_false(monitor_start(&home));
    hurries = monitor_work();
    assert_false(monitor_hears(keyboard_channel()));
}

/* What is shown for the keys. */
static const char *type(const char *keys)
{
    size_t count = strlen(keys);
    struct console_channel *channel;

    shown[0] = '\0';
    work();
    channel = console_input(keys, &count);
    assert_true(monitor_hears(channel));
    work();
    return shown;
}

static void expect_shown(const char *keys, const char *words)
{
    if (!strstr(type(keys), words))
        fail_msg("%s is not in: %s", words, shown);
}

static void a_person_gives_orders(void **state)
{
    (void)state;
    life_created("alpha", 1);
    expect_shown("list\r", "\x1b[Kid  ");
    expect_shown("list\r", "alpha             created");
    expect_shown("\r", "\runderstudy> \x1b[K");
    expect_shown("nonsense\r", "error: there is no command nonsense; try help\n");
    expect_shown("\x1b[A\r", "error: there is no command nonsense; try help\n");
    expect_shown("abc\x03", "understudy> \x1b[K");
    expect_shown("start al\t\r", "vm: alpha\n");
}

static void tab_completes(void **state)
{
    (void)state;
    life_created("beta-1", 1);
    life_created("beta-2", 1);
    expect_shown("pa\t", "understudy> pause \x1b[K");
    expect_shown("b\t", "understudy> pause beta-\x1b[K");
    expect_shown("\t", "beta-1  ");
    expect_shown("\t", "beta-2  ");
    expect_shown("x\t", "understudy> pause beta-x\x1b[K");
}

#define WITH(setup, test) cmocka_unit_test_setup_teardown(test, setup, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH(control_setup, each_line_is_answered),
        WITH(control_setup, lines_may_come_in_pieces),
        WITH(control_setup, what_is_no_request_is_answered_too),
        WITH(control_setup, a_line_may_be_too_long),
        WITH(control_setup, the_guests_get_their_turn),
        WITH(control_setup, an_answer_waits_until_it_is_done),
        WITH(control_setup, a_look_waits_for_the_vcpus),
        WITH(control_setup, orders_come_in_words),
        WITH(control_setup, long_answers_are_refused),
        WITH(control_setup, quit_answers_first),
        cmocka_unit_test_teardown(nobody_is_let_in_unasked, machine_teardown),
        WITH(keyboard_setup, a_person_gives_orders),
        WITH(keyboard_setup, tab_completes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
