/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sentences in lines: where they break, and what cannot be broken.
 */
#include "explain/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char lines[4096];

static void put(void *context, const char *line)
{
    assert_ptr_equal(context, lines);
    strcat(strcat(lines, line), "\n");
}

static void expect(const char *name, const char *words, size_t width, const char *expected)
{
    lines[0] = '\0';
    explain_wrap(name, words, width, put, lines);
    assert_string_equal(lines, expected);
}

static void lines_break_at_blanks(void **state)
{
    (void)state;
    expect("why", "as it is", 40, "why: as it is\n");
    expect("why", "one two three four", 13, "why: one two\n    three\n    four\n");
    expect("why", "one two three four", 14, "why: one two\n    three four\n");
    expect("why", "", 40, "why: \n");
}

static void a_long_word_has_a_line_of_its_own(void **state)
{
    char word[600];

    (void)state;
    expect("a", "12345678901234567890 b", 8, "a: 12345678901234567890\n    b\n");
    expect("much_too_long", "b c", 4, "much_too_long: b\n    c\n");
    memset(word, 'x', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    lines[0] = '\0';
    explain_wrap("a", word, 8, put, lines);
    for (const char *line = lines; *line; line = strchr(line, '\n') + 1)
        assert_true(strchr(line, '\n') - line < 240);
    lines[0] = '\0';
    explain_wrap(word, "b", 8, put, lines);
    assert_non_null(strstr(lines, "b\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_break_at_blanks),
        cmocka_unit_test(a_long_word_has_a_line_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
