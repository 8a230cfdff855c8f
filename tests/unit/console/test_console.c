/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console multiplexer: whole lines behind names, or one VM's bytes unchanged between two
 * markers; and the ring of input.
 */
#include "console_fixture.h"
#include "fakes/end.h"
#include "lib/bits.h"

static struct console_channel a, b;

static int start(void **state)
{
    (void)state;
    outside_start();
    console_add(&a, "alpha");
    console_add(&b, "beta");
    return 0;
}

static size_t hear(struct console_channel *channel, uint8_t *bytes, size_t count)
{
    return channel->tty.read(&channel->tty, bytes, count);
}

static void each_line_has_its_name(void **state)
{
    (void)state;
    say(&a, "one\ntwo\n\n");
    expect_seen("[alpha] one\n[alpha] two\n[alpha] \n");
}

static void a_line_comes_when_it_is_whole(void **state)
{
    (void)state;
    say(&a, "par");
    say(&a, "");
    expect_seen("");
    say(&a, "t\nnext");
    expect_seen("[alpha] part\n");
    say(&a, "\n");
    expect_seen("[alpha] next\n");
}

static void a_flush_shows_what_waits(void **state)
{
    (void)state;
    say(&a, "last words");
    a.tty.flush(&a.tty);
    expect_seen("[alpha] last words\n");
    a.tty.flush(&a.tty);
    expect_seen("");
}

static void lines_are_never_mixed(void **state)
{
    (void)state;
    for (const char *text = "left\n", *other = "right"; *text; text++, other++) {
        say_bytes(&a, text, 1);
        say_bytes(&b, other, 1);
    }
    expect_seen("[alpha] left\n");
    console_print("understudy: a word between\n", 27);
    say(&b, "\n");
    expect_seen("understudy: a word between\n[beta] right\n");
}

static void carriage_returns_are_dropped(void **state)
{
    (void)state;
    say(&a, "\rdos\r\nand\rback\r\r\n");
    expect_seen("[alpha] dos\n[alpha] andback\n");
}

static void long_lines_are_cut(void **state)
{
    char line[CONSOLE_LINE_MAX + 1];
    char expected[400];

    (void)state;
    memset(line, 'x', CONSOLE_LINE_MAX);
    line[CONSOLE_LINE_MAX] = '\0';
    say(&a, line);
    strcat(strcat(strcpy(expected, "[alpha] "), line), "\n");
    expect_seen(expected);
    say(&a, "tail\n");
    expect_seen("[alpha] tail\n");
    say(&a, line + 1);
    expect_seen("");
    say(&a, "\n");
    strcat(strcat(strcpy(expected, "[alpha] "), line + 1), "\n");
    expect_seen(expected);
}

static void long_names_are_cut(void **state)
{
    static struct console_channel c;

    (void)state;
    console_add(&c, "a-name-that-is-much-longer-than-what-a-bundle-lets-one-have");
    say(&c, "hi\n");
    expect_seen("[a-name-that-is-much-longer-than-what-a-bundle-le] hi\n");
}

static void owned_bytes_pass_unchanged(void **state)
{
    char all[256];

    (void)state;
    console_own("n0nce");
    expect_seen("understudy-n0nce begin\n");
    for (unsigned i = 0; i < 256; i++)
        all[i] = (char)i;
    say_bytes(&a, all, 256);
    assert_int_equal(seen_count, 256);
    assert_memory_equal(seen, all, 256);
    seen_count = 0;
    say(&a, "no newline\r");
    expect_seen("no newline\r");
}

static void our_own_lines_come_behind_the_end(void **state)
{
    (void)state;
    console_own("n0nce");
    say(&a, "bye\n");
    console_print("one\n", 4);
    console_print("two\n", 4);
    say(&a, "still there\r\n");
    expect_seen("understudy-n0nce begin\nbye\nunderstudy-n0nce end\none\ntwo\nstill there\r\n");
}

static void our_own_lines_before_have_no_marker(void **state)
{
    (void)state;
    console_print("early\n", 6);
    console_own("x");
    expect_seen("early\nunderstudy-x begin\n");
}

static void long_nonces_are_cut(void **state)
{
    (void)state;
    console_own("0123456789abcdef0123456789ABCDEFmore");
    console_print("", 0);
    expect_seen("understudy-0123456789abcdef0123456789ABCDEF begin\n"
                "understudy-0123456789abcdef0123456789ABCDEF end\n");
}

static void input_goes_to_the_first_channel(void **state)
{
    uint8_t bytes[8];

    (void)state;
    assert_ptr_equal(input("abcde", 5), &a);
    assert_int_equal(hear(&b, bytes, 8), 0);
    assert_int_equal(hear(&a, bytes, 3), 3);
    assert_memory_equal(bytes, "abc", 3);
    assert_int_equal(hear(&a, bytes, 0), 0);
    assert_int_equal(hear(&a, bytes, 8), 2);
    assert_memory_equal(bytes, "de", 2);
    assert_int_equal(hear(&a, bytes, 8), 0);
}

static void a_removed_channel_hears_nothing(void **state)
{
    static struct console_channel c;
    uint8_t byte;

    (void)state;
    console_remove(&b);
    assert_ptr_equal(input("x", 1), &a);
    console_remove(&a);
    assert_null(input("y", 1));
    console_add(&c, "gamma");
    assert_ptr_equal(input("z", 1), &c);
    assert_int_equal(hear(&c, &byte, 1), 1);
    assert_int_equal(byte, 'z');
}

static void without_a_channel_input_is_dropped(void **state)
{
    (void)state;
    console_init(out);
    assert_int_equal(console_input_room(), CONSOLE_INPUT_MAX);
    assert_null(input("x", 1));
}

/* The oldest bytes stay: the guest sees a whole beginning. */
static void what_does_not_fit_is_dropped(void **state)
{
    static uint8_t heard[CONSOLE_INPUT_MAX + 1];
    char bytes[3] = "abc";

    (void)state;
    assert_int_equal(console_input_room(), CONSOLE_INPUT_MAX);
    input(bytes, 3);
    assert_int_equal(console_input_room(), CONSOLE_INPUT_MAX - 3);
    for (unsigned i = 1; i < CONSOLE_INPUT_MAX; i++)
        input(bytes, 3);
    assert_int_equal(console_input_room(), 0);
    assert_int_equal(hear(&a, heard, sizeof(heard)), CONSOLE_INPUT_MAX);
    for (unsigned i = 0; i < CONSOLE_INPUT_MAX; i++)
        assert_int_equal(heard[i], bytes[i % 3]);
    assert_int_equal(hear(&a, heard, sizeof(heard)), 0);
}

static void the_ring_goes_round(void **state)
{
    uint8_t heard[7];
    char next = 0, expected = 0;

    (void)state;
    for (unsigned round = 0; round < 3000; round++) {
        for (unsigned i = 0; i < 7; i++, next++)
            input(&next, 1);
        assert_int_equal(hear(&a, heard, 7), 7);
        for (unsigned i = 0; i < 7; i++)
            assert_int_equal(heard[i], (uint8_t)expected++);
    }
}

/* Panic in the middle of somebody's line: its words must come out. */
static void panicking_out(const char *bytes, size_t count)
{
    static bool is_panicking;

    out(bytes, count);
    if (is_panicking)
        return;
    is_panicking = true;
    console_break_lock();
    console_print("\npanic\n", 7);
    end_now(END_EXIT);
}

static void say_line(void *channel)
{
    say(channel, "a line\n");
}

static void panic_breaks_the_lock(void **state)
{
    (void)state;
    console_init(panicking_out);
    assert_int_equal(end_of(say_line, &a), END_EXIT);
    expect_seen("[alpha] \npanic\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_line_has_its_name, start),
        cmocka_unit_test_setup(a_line_comes_when_it_is_whole, start),
        cmocka_unit_test_setup(a_flush_shows_what_waits, start),
        cmocka_unit_test_setup(lines_are_never_mixed, start),
        cmocka_unit_test_setup(carriage_returns_are_dropped, start),
        cmocka_unit_test_setup(long_lines_are_cut, start),
        cmocka_unit_test_setup(long_names_are_cut, start),
        cmocka_unit_test_setup(owned_bytes_pass_unchanged, start),
        cmocka_unit_test_setup(our_own_lines_come_behind_the_end, start),
        cmocka_unit_test_setup(our_own_lines_before_have_no_marker, start),
        cmocka_unit_test_setup(long_nonces_are_cut, start),
        cmocka_unit_test_setup(input_goes_to_the_first_channel, start),
        cmocka_unit_test_setup(a_removed_channel_hears_nothing, start),
        cmocka_unit_test_setup(without_a_channel_input_is_dropped, start),
        cmocka_unit_test_setup(what_does_not_fit_is_dropped, start),
        cmocka_unit_test_setup(the_ring_goes_round, start),
        cmocka_unit_test_setup(panic_breaks_the_lock, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
