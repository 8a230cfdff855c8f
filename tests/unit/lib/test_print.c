/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print: one call of the sink for each line, cut where it is too long, dropped without a sink.
 */
#include "lib/print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char seen[512];
static size_t seen_length;
static int seen_calls;

static void sink(const char *text, size_t length)
{
    memcpy(seen, text, length);
    seen[length] = '\0';
    seen_length = length;
    seen_calls++;
}

static int start(void **state)
{
    (void)state;
    seen_calls = 0;
    print_set_sink(sink);
    return 0;
}

static void without_a_sink_text_is_dropped(void **state)
{
    (void)state;
    print_set_sink(NULL);
    print("nobody hears %d\n", 1);
    assert_int_equal(seen_calls, 0);
}

static void a_line_comes_whole(void **state)
{
    (void)state;
    print("vcpu %u: %s\n", 3, "halted");
    assert_int_equal(seen_calls, 1);
    assert_string_equal(seen, "vcpu 3: halted\n");
    assert_int_equal(seen_length, 15);
}

static void a_line_of_256_is_not_cut(void **state)
{
    (void)state;
    print("%*s\n", 255, "x");
    assert_int_equal(seen_length, 256);
    assert_int_equal(seen[254], 'x');
    assert_int_equal(seen[255], '\n');
}

static void a_longer_line_is_cut_and_ended(void **state)
{
    (void)state;
    print("%*s", 257, "x");
    assert_int_equal(seen_calls, 1);
    assert_int_equal(seen_length, 256);
    assert_int_equal(seen[254], ' ');
    assert_int_equal(seen[255], '\n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(without_a_sink_text_is_dropped, start),
        cmocka_unit_test_setup(a_line_comes_whole, start),
        cmocka_unit_test_setup(a_line_of_256_is_not_cut, start),
        cmocka_unit_test_setup(a_longer_line_is_cut_and_ended, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
