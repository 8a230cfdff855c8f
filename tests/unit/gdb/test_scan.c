/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words of packets: what stands there is taken, and nothing else moves the reader on.
 */
#include "gdb/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct scan scan;

static void begin(const char *text)
{
    scan = (struct scan){text, text + strlen(text)};
}

static void expect_left(const char *text)
{
    assert_int_equal(scan.end - scan.at, strlen(text));
    assert_memory_equal(scan.at, text, strlen(text));
}

static void texts(void **state)
{
    (void)state;
    begin("vCont;c");
    assert_false(scan_text(&scan, "vCont?"));
    assert_false(scan_text(&scan, "vCont;continue"));
    expect_left("vCont;c");
    assert_true(scan_text(&scan, "vCont"));
    scan_skip(&scan, ';');
    expect_left("c");
    assert_false(scan_is_done(&scan));
    scan_skip(&scan, ';');
    assert_true(scan_is_done(&scan));
}

static void numbers(void **state)
{
    uint64_t value = 7;

    (void)state;
    begin("fFfffffffffffff0,0");
    assert_true(scan_number(&scan, &value));
    assert_int_equal(value, 0xfffffffffffffff0);
    assert_false(scan_number(&scan, &value));
    expect_left(",0");
    begin("10000000000000000"); /* 65 bits */
    assert_false(scan_number(&scan, &value));
    expect_left("10000000000000000");
}

static void hex(void **state)
{
    uint8_t bytes[2] = {0};

    (void)state;
    begin("12aBc");
    assert_true(scan_hex(&scan, bytes, 2));
    assert_int_equal(bytes[1], 0xab);
    assert_false(scan_hex(&scan, bytes, 1));
    expect_left("c");
    begin("1g");
    assert_false(scan_hex(&scan, bytes, 1));
    expect_left("1g");
}

static void expect_thread(const char *text, int64_t process, int64_t thread, const char *left)
{
    struct thread_id id;

    begin(text);
    assert_true(scan_thread(&scan, &id));
    assert_int_equal(id.process, process);
    assert_int_equal(id.thread, thread);
    expect_left(left);
}

static void threads(void **state)
{
    static const char *const wrong[] = {"", "p", "px", "p1.", "p1.x", "-2", "p1.8000000000000000"};
    struct thread_id id;

    (void)state;
    expect_thread("p1.a;", 1, 10, ";");
    expect_thread("p-1.-1", THREAD_ALL, THREAD_ALL, "");
    expect_thread("p2", 2, THREAD_ALL, "");
    expect_thread("3", THREAD_ANY, 3, "");
    expect_thread("-1,", THREAD_ANY, THREAD_ALL, ",");
    for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        begin(wrong[i]);
        assert_false(scan_thread(&scan, &id));
        expect_left(wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(numbers),
        cmocka_unit_test(hex),
        cmocka_unit_test(threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
