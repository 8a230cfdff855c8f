/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests as JSON lines: what is read out of good ones, and that bad ones, cut ones and random
 * bytes end in words and never beyond their block. And the writing of strings, byte by byte.
 */
#include "lib/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct json_request request;
static char *block;

static int end(void **state)
{
    (void)state;
    free(block);
    block = NULL;
    return 0;
}

/* In a block of its own size, so that a byte too many is seen. */
static const char *read_bytes(const char *bytes, size_t length)
{
    free(block);
    block = malloc(length + 1);
    memcpy(block, bytes, length);
    return json_request_read(block, length, &request);
}

static const char *read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void a_request_is_read(void **state)
{
    (void)state;
    assert_null(read_text("{\"id\":1,\"command\":\"pause\",\"args\":[\"linux\"]}"));
    assert_true(request.has_id);
    assert_int_equal(request.id, 1);
    assert_string_equal(request.command, "pause");
    assert_int_equal(request.arg_count, 1);
    assert_string_equal(request.args[0], "linux");
}

static void order_and_space_do_not_matter(void **state)
{
    (void)state;
    assert_null(read_text(" \t{ \"args\" : [ \"a\" , \"\" ] , \"command\" : \"x\" }\r"));
    assert_false(request.has_id);
    assert_int_equal(request.arg_count, 2);
    assert_string_equal(request.args[0], "a");
    assert_string_equal(request.args[1], "");
    assert_null(read_text("{\"id\":999999999999999999,\"command\":\"x\",\"args\":[]}"));
    assert_int_equal(request.id, 999999999999999999);
    assert_int_equal(request.arg_count, 0);
}

static void escapes_become_bytes(void **state)
{
    (void)state;
    assert_null(read_text("{\"command\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00fF\\u001d\"}"));
    assert_string_equal(request.command, "\"\\/\b\f\n\r\tA\xff\x1d");
    assert_null(read_text("{\"command\":\"caf\xc3\xa9\"}"));
    assert_string_equal(request.command, "caf\xc3\xa9");
}

static void bad_requests_are_refused_in_words(void **state)
{
    static const char *const cases[][2] = {
        {"", "not a JSON object"},
        {"pause linux", "not a JSON object"},
        {"[1]", "not a JSON object"},
        {"\x01\x02\xff", "not a JSON object"},
        {"{}", "command is missing"},
        {"{\"id\":1}", "command is missing"},
        {"{\"command\":\"x\"} {", "something stands behind the object"},
        {"{\"command\":\"x\"}}", "something stands behind the object"},
        {"{\"command\":\"x\",}", "a string is expected"},
        {"{\"command\":\"x\" \"id\":1}", "a comma or the object's end is expected"},
        {"{\"command\":\"x\"", "a comma or the object's end is expected"},
        {"{\"command\" \"x\"}", "a colon is expected after a name"},
        {"{\"command\":1}", "a string is expected"},
        {"{\"command\":null}", "a string is expected"},
        {"{\"command\":\"x", "a string does not end"},
        {"{\"command\":\"x\\", "an unknown escape in a string"},
        {"{\"command\":\"\\q\"}", "an unknown escape in a string"},
        {"{\"command\":\"\\u12\"}", "\\u is not followed by four hexadecimal digits"},
        {"{\"command\":\"\\u0", "\\u is not followed by four hexadecimal digits"},
        {"{\"command\":\"\\u0000\"}", "a character is not one of U+0001 to U+00FF"},
        {"{\"command\":\"\\u20ac\"}", "a character is not one of U+0001 to U+00FF"},
        {"{\"command\":\"a\tb\"}", "a control character in a string"},
        {"{\"id\":,\"command\":\"x\"}", "id is not a number of 1 to 18 digits"},
        {"{\"id\":01,\"command\":\"x\"}", "id is not a number of 1 to 18 digits"},
        {"{\"id\":-1,\"command\":\"x\"}", "id is not a number of 1 to 18 digits"},
        {"{\"id\":1000000000000000000}", "id is not a number of 1 to 18 digits"},
        {"{\"id\":1.5,\"command\":\"x\"}", "a comma or the object's end is expected"},
        {"{\"command\":\"x\",\"args\":\"y\"}", "args is not an array of strings"},
        {"{\"command\":\"x\",\"args\":[\"y\"}", "args is not an array of strings"},
        {"{\"command\":\"x\",\"args\":[1]}", "a string is expected"},
        {"{\"command\":\"x\",\"args\":[[\"y\"]]}", "a string is expected"},
        {"{\"command\":\"x\",\"args\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}",
         "too many args"},
        {"{\"other\":1}", "a member is not one of id, command, args"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *error = read_text(cases[i][0]);

        assert_non_null(error);
        assert_string_equal(error, cases[i][1]);
    }
}

static void an_id_is_known_though_the_rest_is_bad(void **state)
{
    (void)state;
    assert_non_null(read_text("{\"id\":7,\"command\":3}"));
    assert_true(request.has_id);
    assert_int_equal(request.id, 7);
}

/* Every beginning of a request is bad, and none is read beyond its end. */
static void cut_requests_are_refused(void **state)
{
    static const char whole[] = "{\"id\":12,\"command\":\"a\\u0041\\n\",\"args\":[\"b\",\"c\"]}";

    (void)state;
    for (size_t length = 0; length < sizeof(whole) - 1; length++)
        assert_non_null(read_bytes(whole, length));
    assert_null(read_text(whole));
}

static void random_bytes_do_no_harm(void **state)
{
    static const char alphabet[] = "{}[]\":,\\u0idcommandargs\x80\xff\x01 ";
    char bytes[64];

    (void)state;
    srand(4);
    for (unsigned round = 0; round < 20000; round++) {
        size_t length = (size_t)rand() % sizeof(bytes);

        for (size_t i = 0; i < length; i++)
            bytes[i] = alphabet[(size_t)rand() % (sizeof(alphabet) - 1)];
        read_bytes(bytes, length);
    }
}

static void check_escape(uint8_t byte, const char *expected)
{
    char text[JSON_ESCAPE_MAX];

    assert_int_equal(json_escape(byte, text), strlen(expected));
    assert_memory_equal(text, expected, strlen(expected));
}

static void bytes_are_written_as_ascii(void **state)
{
    (void)state;
    check_escape('a', "a");
    check_escape(' ', " ");
    check_escape('/', "/");
    check_escape('"', "\\\"");
    check_escape('\\', "\\\\");
    check_escape('\n', "\\n");
    check_escape('\0', "\\u0000");
    check_escape(0x1f, "\\u001f");
    check_escape(0x7f, "\\u007f");
    check_escape(0x80, "\\u0080");
    check_escape(0xff, "\\u00ff");
}

/* What is written is read back as the same bytes. */
static void what_is_written_is_read(void **state)
{
    char line[2048] = "{\"command\":\"";
    size_t length = strlen(line);

    (void)state;
    for (unsigned byte = 1; byte < 256; byte++)
        length += json_escape((uint8_t)byte, line + length);
    memcpy(line + length, "\"}", 2);
    assert_null(read_bytes(line, length + 2));
    assert_int_equal(strlen(request.command), 255);
    for (unsigned byte = 1; byte < 256; byte++)
        assert_int_equal((uint8_t)request.command[byte - 1], byte);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_request_is_read, end),
        cmocka_unit_test_teardown(order_and_space_do_not_matter, end),
        cmocka_unit_test_teardown(escapes_become_bytes, end),
        cmocka_unit_test_teardown(bad_requests_are_refused_in_words, end),
        cmocka_unit_test_teardown(an_id_is_known_though_the_rest_is_bad, end),
        cmocka_unit_test_teardown(cut_requests_are_refused, end),
        cmocka_unit_test_teardown(random_bytes_do_no_harm, end),
        cmocka_unit_test_teardown(bytes_are_written_as_ascii, end),
        cmocka_unit_test_teardown(what_is_written_is_read, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
