/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two renderers: the same calls as text and as JSON; strings that need escapes; answers that
 * are too long for their buffer, which is a block of its own size.
 */
#include "monitor/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct answer answer;
static char buffer[2048];

static void expect(void (*make)(void), const char *text, const char *json)
{
    answer_init(&answer, ANSWER_TEXT, buffer, sizeof(buffer));
    make();
    buffer[answer.length] = '\0';
    assert_string_equal(buffer, text);
    answer_init(&answer, ANSWER_JSON, buffer, sizeof(buffer));
    make();
    buffer[answer.length] = '\0';
    assert_string_equal(buffer, json);
}

static void make_values(void)
{
    answer_text(&answer, "name", 0, "linux");
    answer_number(&answer, "vcpus", 2);
    answer_number(&answer, "most", UINT64_MAX);
    answer_hex(&answer, "pc", 0xffffffff80000000);
    answer_flag(&answer, "still", false);
    answer_flag(&answer, "kept", true);
}

static void values_are_lines_or_members(void **state)
{
    (void)state;
    expect(make_values,
           "name: linux\nvcpus: 2\nmost: 18446744073709551615\npc: 0xffffffff80000000\n"
           "still: no\nkept: yes\n",
           "\"name\":\"linux\",\"vcpus\":2,\"most\":18446744073709551615,"
           "\"pc\":\"0xffffffff80000000\",\"still\":false,\"kept\":true");
}

static void make_table(void)
{
    answer_table_begin(&answer, "vms");
    for (unsigned i = 1; i <= 2; i++) {
        answer_row_begin(&answer);
        answer_number(&answer, "id", i * 10);
        answer_text(&answer, "name", 6, i == 1 ? "a" : "longer-name");
        answer_flag(&answer, "x", i == 1);
        answer_row_end(&answer);
    }
    answer_table_end(&answer);
    answer_number(&answer, "free", 3);
}

static void tables_have_a_head(void **state)
{
    (void)state;
    expect(make_table,
           "id        name    x\n"
           "10        a       yes\n"
           "20        longer-name  no\n"
           "free: 3\n",
           "\"vms\":[{\"id\":10,\"name\":\"a\",\"x\":true},"
           "{\"id\":20,\"name\":\"longer-name\",\"x\":false}],\"free\":3");
}

static void make_empty_table(void)
{
    answer_number(&answer, "one", 1);
    answer_table_begin(&answer, "vms");
    answer_table_end(&answer);
}

static void a_table_may_be_empty(void **state)
{
    (void)state;
    expect(make_empty_table, "one: 1\n\nnone\n", "\"one\":1,\"vms\":[]");
}

static void make_groups(void)
{
    static const char *const names[] = {"ra", "sp", "gp", "tp", "t0"};

    answer_group_begin(&answer, "registers");
    for (unsigned i = 0; i < 5; i++)
        answer_hex(&answer, names[i], 0xffffffff00000000 + i);
    answer_group_end(&answer);
    answer_group_begin(&answer, "none");
    answer_group_end(&answer);
    answer_text(&answer, "end", 0, "");
}

static void groups_fill_lines(void **state)
{
    (void)state;
    expect(make_groups,
           "registers\n  ra=0xffffffff00000000 sp=0xffffffff00000001 gp=0xffffffff00000002\n"
           "  tp=0xffffffff00000003 t0=0xffffffff00000004\nnone\nend: \n",
           "\"registers\":{\"ra\":\"0xffffffff00000000\",\"sp\":\"0xffffffff00000001\","
           "\"gp\":\"0xffffffff00000002\",\"tp\":\"0xffffffff00000003\","
           "\"t0\":\"0xffffffff00000004\"},\"none\":{},\"end\":\"\"");
}

static void make_hostile_texts(void)
{
    answer_text(&answer, "a", 0, "\x1b[2J");
    answer_table_begin(&answer, "b");
    answer_row_begin(&answer);
    answer_text(&answer, "c", 0, "\x1b[2J");
    answer_row_end(&answer);
    answer_table_end(&answer);
    answer_group_begin(&answer, "d");
    answer_text(&answer, "e", 0, "\x1b[2J");
    answer_group_end(&answer);
}

static void texts_are_made_harmless_in_every_place(void **state)
{
    (void)state;
    expect(make_hostile_texts, "a: ?[2J\n\nc\n?[2J\nd\n  e=?[2J\n",
           "\"a\":\"\\u001b[2J\",\"b\":[{\"c\":\"\\u001b[2J\"}],"
           "\"d\":{\"e\":\"\\u001b[2J\"}");
}

static void make_bytes(void)
{
    answer_bytes(&answer, "said", "\x1b[1m\"a\\\n\0\xff", 10);
}

static void bytes_are_made_harmless(void **state)
{
    (void)state;
    expect(make_bytes, "said: ?[1m\"a\\\n??\n",
           "\"said\":\"\\u001b[1m\\\"a\\\\\\n\\u0000\\u00ff\"");
}

static void a_refusal_has_words(void **state)
{
    (void)state;
    answer_init(&answer, ANSWER_TEXT, buffer, sizeof(buffer));
    assert_int_equal(answer_refuse(&answer, "there is no VM %s", "x"), -1);
    assert_true(answer.is_refused);
    assert_string_equal(answer.error, "there is no VM x");
}

/* Every size: never beyond the block, and cut is said. */
static void long_answers_are_cut(void **state)
{
    size_t whole;

    (void)state;
    answer_init(&answer, ANSWER_JSON, buffer, sizeof(buffer));
    make_table();
    whole = answer.length;
    for (size_t size = 0; size < 200; size++) {
        char *block = malloc(size + 1);

        answer_init(&answer, ANSWER_JSON, block, size);
        make_table();
        assert_true(answer.length <= size);
        assert_int_equal(answer.is_cut, size < whole);
        free(block);
    }
}

static void a_row_longer_than_a_line_is_cut(void **state)
{
    char text[ANSWER_LINE_MAX];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    answer_init(&answer, ANSWER_TEXT, buffer, sizeof(buffer));
    answer_table_begin(&answer, "t");
    answer_row_begin(&answer);
    for (unsigned i = 0; i < 4; i++)
        answer_text(&answer, "n", 100, text);
    answer_row_end(&answer);
    answer_table_end(&answer);
    assert_true(answer.length < 2 * ANSWER_LINE_MAX + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_lines_or_members),
        cmocka_unit_test(tables_have_a_head),
        cmocka_unit_test(a_table_may_be_empty),
        cmocka_unit_test(groups_fill_lines),
        cmocka_unit_test(texts_are_made_harmless_in_every_place),
        cmocka_unit_test(bytes_are_made_harmless),
        cmocka_unit_test(a_refusal_has_words),
        cmocka_unit_test(long_answers_are_cut),
        cmocka_unit_test(a_row_longer_than_a_line_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
