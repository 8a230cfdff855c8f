/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * format_text against known texts, and against the C library's snprintf where both agree.
 */
#include "lib/format.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Unknown conversions are given on purpose: through this pointer the compiler cannot object. */
static size_t (*volatile format_any)(char *, size_t, const char *, ...) = format_text;

#define assert_format(expected, ...)                                                               \
    do {                                                                                           \
        char text[128];                                                                            \
        assert_int_equal(format_any(text, sizeof(text), __VA_ARGS__), strlen(expected));           \
        assert_string_equal(text, expected);                                                       \
    } while (0)

/* The same arguments through the C library. */
#define assert_like_libc(...)                                                                      \
    do {                                                                                           \
        char ours[128], theirs[128];                                                               \
        int length = snprintf(theirs, sizeof(theirs), __VA_ARGS__);                                \
        assert_int_equal(format_text(ours, sizeof(ours), __VA_ARGS__), length);                    \
        assert_string_equal(ours, theirs);                                                         \
    } while (0)

static void plain_text_and_percent(void **state)
{
    (void)state;
    assert_format("", "%s", "");
    assert_format("plain", "plain");
    assert_format("100%", "100%%");
    assert_format("a", "%c", 'a');
}

static void numbers_at_their_limits(void **state)
{
    (void)state;
    assert_like_libc("%d %d %d", INT_MIN, 0, INT_MAX);
    assert_like_libc("%ld %ld", LONG_MIN, LONG_MAX);
    assert_like_libc("%u %x", UINT_MAX, UINT_MAX);
    assert_like_libc("%lu %lx", ULONG_MAX, ULONG_MAX);
    assert_like_libc("%zu %zd", SIZE_MAX, (ptrdiff_t)-1);
    assert_like_libc("%u %x", 0u, 0u);
    assert_like_libc("%llx", 0x123456789abcdefull);
}

static void width_fills_on_the_asked_side(void **state)
{
    (void)state;
    assert_like_libc("[%5d] [%-5d] [%05d]", 42, 42, 42);
    assert_like_libc("[%5d] [%-5d] [%05d]", -42, -42, -42);
    assert_like_libc("[%016lx]", 0x80000000ul);
    assert_like_libc("[%2d]", 12345);
    assert_like_libc("[%8s] [%-8s]", "vm", "vm");
    assert_like_libc("[%3c] [%-3c]", 'x', 'x');
    assert_like_libc("[%*d] [%*d]", 6, 1, -6, 1);
    assert_like_libc("[%-*d]", 6, 1);
}

static void precision_cuts_strings(void **state)
{
    const char unterminated[3] = {'a', 'b', 'c'};

    (void)state;
    assert_like_libc("[%.2s] [%.0s] [%.9s]", "abc", "abc", "abc");
    assert_like_libc("[%.*s] [%.*s]", 1, "abc", -1, "abc");
    assert_like_libc("[%6.2s] [%-6.2s]", "abc", "abc");
    assert_like_libc("[%.s]", "abc");
    assert_format("abc", "%.3s", unterminated);
}

static void odd_arguments(void **state)
{
    (void)state;
    assert_format("(null)", "%s", (char *)NULL);
    assert_format("[  abc]", "[%05s]", "abc");
    assert_format("0x0000000000000000", "%p", (void *)0);
    assert_format("0x0000000080200000", "%p", (void *)0x80200000);
    assert_format("0xffffffffffffffff", "%p", (void *)UINTPTR_MAX);
}

static void unknown_conversions_stand_as_they_are(void **state)
{
    (void)state;
    assert_format("%q 7", "%q %d", 7);
    assert_format("%5y", "%5y");
    assert_format("end %", "end %");
    assert_format("%-08l", "%-08l");
}

static void small_buffers_are_kept(void **state)
{
    char text[8];

    (void)state;
    memset(text, '!', sizeof(text));
    assert_int_equal(format_text(text, 4, "%s", "abcdef"), 6);
    assert_string_equal(text, "abc");
    assert_int_equal(text[4], '!');

    memset(text, '!', sizeof(text));
    assert_int_equal(format_text(text, 1, "abc"), 3);
    assert_string_equal(text, "");
    assert_int_equal(text[1], '!');

    text[0] = '!';
    assert_int_equal(format_text(text, 0, "abc"), 3);
    assert_int_equal(text[0], '!');
    assert_int_equal(format_text(NULL, 0, "%d", 1234), 4);

    assert_int_equal(format_text(text, 4, "abc"), 3);
    assert_string_equal(text, "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_and_percent),
        cmocka_unit_test(numbers_at_their_limits),
        cmocka_unit_test(width_fills_on_the_asked_side),
        cmocka_unit_test(precision_cuts_strings),
        cmocka_unit_test(odd_arguments),
        cmocka_unit_test(unknown_conversions_stand_as_they_are),
        cmocka_unit_test(small_buffers_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
