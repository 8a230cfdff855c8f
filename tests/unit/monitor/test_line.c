/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The line editor: what the text and the cursor are after keys; keys of several bytes, whole, cut
 * and unknown; the history; and random keys, after which the line is still one.
 */
#include "monitor/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UP    "\x1b[A"
#define DOWN  "\x1b[B"
#define RIGHT "\x1b[C"
#define LEFT  "\x1b[D"

static struct line line;

static int start(void **state)
{
    (void)state;
    memset(&line, 0, sizeof(line));
    return 0;
}

/* The event of the last key. */
static enum line_event type(const char *keys)
{
    enum line_event event = LINE_UNCHANGED;

    for (; *keys; keys++)
        event = line_key(&line, (uint8_t)*keys);
    return event;
}

static void check(const char *text, unsigned cursor)
{
    assert_string_equal(line.text, text);
    assert_int_equal(line.length, strlen(text));
    assert_int_equal(line.cursor, cursor);
}

static void enter(const char *text)
{
    type(text);
    assert_int_equal(type("\r"), LINE_DONE);
    line_start(&line);
}

static void letters_go_in_at_the_cursor(void **state)
{
    (void)state;
    assert_int_equal(type("abd"), LINE_CHANGED);
    check("abd", 3);
    assert_int_equal(type(LEFT "c"), LINE_CHANGED);
    check("abcd", 3);
    type("\x01" LEFT "x\x05" RIGHT "y");
    check("xabcdy", 6);
    assert_int_equal(type("\n"), LINE_DONE);
}

static void keys_take_out(void **state)
{
    (void)state;
    type("one two  three");
    assert_int_equal(type("\x17"), LINE_CHANGED);
    check("one two  ", 9);
    type("\x17");
    check("one ", 4);
    type("\x7f\b");
    check("on", 2);
    type("\x01\x04");
    check("n", 0);
    assert_int_equal(type("\b"), LINE_UNCHANGED);
    type("\x1b[3~");
    check("", 0);
    assert_int_equal(type("\x04\x17\x15\x0b\x7f"), LINE_UNCHANGED);
    type("abcdef" LEFT LEFT LEFT "\x15");
    check("def", 0);
    type(RIGHT "\x0b");
    check("d", 1);
}

static void keys_of_several_bytes(void **state)
{
    (void)state;
    type("abc\x1b[H");
    check("abc", 0);
    type("\x1b[F");
    check("abc", 3);
    type("\x1bOH\x1b[4~\x1b[1~");
    check("abc", 0);
    type("\x1b[8~\x1b[7~");
    check("abc", 0);
    assert_int_equal(type("\x1b"), LINE_UNCHANGED);
    assert_int_equal(type("["), LINE_UNCHANGED);
    assert_int_equal(type("C"), LINE_CHANGED);
    check("abc", 1);
    assert_int_equal(type("\x1b[1;5C"), LINE_CHANGED);
    assert_int_equal(type("\x1b[15~\x1bx\x1b[200~"), LINE_UNCHANGED);
    check("abc", 2);
}

static void a_full_line_takes_no_more(void **state)
{
    char text[LINE_MAX + 1] = "";

    (void)state;
    for (unsigned i = 0; i < LINE_MAX; i++)
        type("x");
    assert_int_equal(type("y"), LINE_UNCHANGED);
    memset(text, 'x', LINE_MAX);
    check(text, LINE_MAX);
    line_insert(&line, "yy", 2);
    check(text, LINE_MAX);
    type("\b");
    line_insert(&line, "yy", 2);
    text[LINE_MAX - 1] = 'y';
    check(text, LINE_MAX);
}

static void history_is_walked(void **state)
{
    (void)state;
    enter("first");
    enter("second");
    enter("second");
    enter("");
    check("", 0);
    type("typed" UP);
    check("second", 6);
    type(UP);
    check("first", 5);
    assert_int_equal(type(UP), LINE_UNCHANGED);
    type(DOWN);
    check("second", 6);
    type("\x0e");
    check("", 0);
    assert_int_equal(type(DOWN), LINE_UNCHANGED);
    type("\x10\x10!");
    check("first!", 6);
    enter("");
    type(UP);
    check("first!", 6);
}

static void old_history_is_forgotten(void **state)
{
    char text[3] = "l?";

    (void)state;
    for (text[1] = 'A'; text[1] <= 'Z'; text[1]++)
        enter(text);
    for (unsigned i = 0; i < 40; i++)
        type(UP);
    text[1] = 'Z' - LINE_HISTORY_MAX + 1;
    check(text, 2);
}

static void other_keys(void **state)
{
    (void)state;
    type("ab");
    assert_int_equal(type("\t"), LINE_COMPLETE);
    line_insert(&line, "cdef", 2);
    check("abcd", 4);
    assert_int_equal(type("\f"), LINE_CHANGED);
    assert_int_equal(type("\x03"), LINE_CANCELLED);
    assert_int_equal(type("\x80\xff\x02\x06\x1d"), LINE_UNCHANGED);
    check("abcd", 4);
}

static void random_keys_leave_a_line(void **state)
{
    static const char keys[] = "ab \x1b[ABCDH~13O\x01\x05\x08\x0b\x15\x17\x7f\xff\x04";

    (void)state;
    srand(7);
    for (unsigned i = 0; i < 200000; i++) {
        uint8_t key = (uint8_t)keys[(size_t)rand() % (sizeof(keys) - 1)];

        line_key(&line, rand() % 8 ? key : 'x');
        if (rand() % 100 == 0)
            line_start(&line);
        assert_int_equal(strlen(line.text), line.length);
        assert_true(line.cursor <= line.length && line.length <= LINE_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(letters_go_in_at_the_cursor, start),
        cmocka_unit_test_setup(keys_take_out, start),
        cmocka_unit_test_setup(keys_of_several_bytes, start),
        cmocka_unit_test_setup(a_full_line_takes_no_more, start),
        cmocka_unit_test_setup(history_is_walked, start),
        cmocka_unit_test_setup(old_history_is_forgotten, start),
        cmocka_unit_test_setup(other_keys, start),
        cmocka_unit_test_setup(random_keys_leave_a_line, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
