/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console switched: one channel is seen, the others' output is kept; the keys behind Ctrl-];
 * the monitor's line below what it says.
 */
#include "console_fixture.h"

#include <stdlib.h>

#define ERASE         "\r\x1b[K"
#define PROMPT        "\r> li\x1b[K\x1b[1D"
#define SHOWN_ALPHA   "\n[alpha; Ctrl-] m: the monitor]\n"
#define SHOWN_BETA    "\n[beta; Ctrl-] m: the monitor]\n"
#define SHOWN_MONITOR "\n[monitor]\n"

static struct console_channel a, b, monitor;

static int start(void **state)
{
    (void)state;
    outside_start();
    console_add(&monitor, "monitor");
    console_switch(&monitor);
    console_add(&a, "alpha");
    console_add(&b, "beta");
    console_prompt("> li", 4, 3);
    expect_seen(PROMPT);
    return 0;
}

static struct console_channel *type(const char *text)
{
    return input(text, strlen(text));
}

static void expect_heard(struct console_channel *channel, const char *text)
{
    char bytes[CONSOLE_INPUT_MAX + 1];
    size_t count = channel->tty.read(&channel->tty, (uint8_t *)bytes, CONSOLE_INPUT_MAX);

    bytes[count] = '\0';
    assert_string_equal(bytes, text);
}

static void what_we_say_goes_above_the_prompt(void **state)
{
    (void)state;
    console_print("word\n", 5);
    expect_seen(ERASE "word\n" PROMPT);
    say(&monitor, "answer\n");
    expect_seen(ERASE "answer\n" PROMPT);
}

static void a_vm_is_heard_when_it_is_seen(void **state)
{
    (void)state;
    say(&a, "boot\r\n");
    expect_seen("");
    console_show(&a);
    expect_seen(SHOWN_ALPHA "boot\r\n");
    say(&a, "$ ");
    say(&b, "other");
    console_print("word\n", 5);
    console_prompt("> ", 2, 2);
    expect_seen("$ ");
    console_show(&a);
    expect_seen("");
    console_show(&monitor);
    expect_seen(SHOWN_MONITOR ERASE "word\n\r> \x1b[K");
    console_show(&a);
    expect_seen(SHOWN_ALPHA);
}

static void old_output_is_lost_in_numbers(void **state)
{
    static char flood[RING_SIZE];
    static char expected[RING_SIZE + 128];

    (void)state;
    memset(flood, 'x', sizeof(flood) - 1);
    say(&a, "123456");
    say(&a, flood);
    console_show(&a);
    strcpy(expected, SHOWN_ALPHA "[5 bytes are lost]\n6");
    expect_seen(strcat(expected, flood));
}

static void keys_choose_the_channel(void **state)
{
    (void)state;
    assert_ptr_equal(type("one\x1dntwo"), &a);
    expect_seen(SHOWN_ALPHA);
    expect_heard(&monitor, "one");
    expect_heard(&a, "two");
    type("\x1d");
    assert_ptr_equal(type("nthree\x1dp\x1dp"), &a);
    expect_seen(SHOWN_BETA SHOWN_ALPHA SHOWN_MONITOR ERASE PROMPT);
    expect_heard(&b, "three");
    type("\x1dp");
    expect_seen(SHOWN_BETA);
    type("\x1dn");
    expect_seen(SHOWN_MONITOR ERASE PROMPT);
    type("\x1dn\x1dm!");
    expect_heard(&monitor, "!");
}

static void the_switch_key_can_be_sent(void **state)
{
    (void)state;
    console_show(&a);
    assert_ptr_equal(type("x\x1d\x1dy"), &a);
    expect_heard(&a, "x\x1dy");
    expect_seen(SHOWN_ALPHA);
    type("\x1d?z");
    expect_heard(&a, "z");
    assert_non_null(strstr(seen, "m: the monitor; n: the next"));
}

/* One that does not read must not keep the switch key outside. */
static void a_full_channel_does_not_hold_the_keys(void **state)
{
    (void)state;
    console_show(&a);
    for (unsigned i = 0; i < CONSOLE_INPUT_MAX + 10; i++)
        type("x");
    assert_int_equal(console_input_room(), CONSOLE_INPUT_MAX);
    type("\x1dm"
         "abc");
    expect_heard(&monitor, "abc");
    type("def");
    assert_int_equal(console_input_room(), CONSOLE_INPUT_MAX - 3);
}

static void a_vm_that_goes_gives_way_to_the_monitor(void **state)
{
    (void)state;
    console_show(&a);
    seen_count = 0;
    console_remove(&a);
    expect_seen(SHOWN_MONITOR ERASE PROMPT);
    type("\x1dn");
    expect_seen(SHOWN_BETA);
    console_remove(&b);
    expect_seen(SHOWN_MONITOR ERASE PROMPT);
    type("\x1dn\x1dp");
    expect_seen("");
}

static void others_read_and_type_too(void **state)
{
    uint64_t position = 0;
    char bytes[8];

    (void)state;
    say(&a, "abc");
    assert_int_equal(console_get(&a, &position, bytes, sizeof(bytes)), 3);
    assert_memory_equal(bytes, "abc", 3);
    assert_int_equal(position, 3);
    assert_int_equal(console_type(&a, "hello", 5), 5);
    expect_heard(&a, "hello");
    expect_seen("");
}

static void a_long_prompt_is_cut(void **state)
{
    char text[2 * CONSOLE_LINE_MAX];

    (void)state;
    memset(text, 'x', sizeof(text));
    console_prompt(text, sizeof(text), sizeof(text));
    assert_int_equal(seen_count, 1 + CONSOLE_LINE_MAX + 3);
}

static void panic_is_seen_whatever_is_shown(void **state)
{
    (void)state;
    console_show(&a);
    seen_count = 0;
    console_break_lock();
    console_print("panic\n", 6);
    expect_seen("panic\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_we_say_goes_above_the_prompt, start),
        cmocka_unit_test_setup(a_vm_is_heard_when_it_is_seen, start),
        cmocka_unit_test_setup(old_output_is_lost_in_numbers, start),
        cmocka_unit_test_setup(keys_choose_the_channel, start),
        cmocka_unit_test_setup(the_switch_key_can_be_sent, start),
        cmocka_unit_test_setup(a_full_channel_does_not_hold_the_keys, start),
        cmocka_unit_test_setup(a_vm_that_goes_gives_way_to_the_monitor, start),
        cmocka_unit_test_setup(others_read_and_type_too, start),
        cmocka_unit_test_setup(a_long_prompt_is_cut, start),
        cmocka_unit_test_setup(panic_is_seen_whatever_is_shown, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
