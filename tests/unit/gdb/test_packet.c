/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames: whole, cut, wrong, escaped, too long; and numbers and bytes on their way out.
 */
#include "gdb/packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct packet_in in;
static struct packet_out out;
static char sent[2 * PACKET_MAX];

static enum packet_event put(const char *bytes, size_t count)
{
    enum packet_event event = PACKET_NOTHING;

    for (size_t i = 0; i < count; i++) {
        assert_int_equal(event, PACKET_NOTHING);
        event = packet_take(&in, (uint8_t)bytes[i]);
    }
    return event;
}

#define PUT(text) put(text, sizeof(text) - 1)

static int setup(void **state)
{
    (void)state;
    memset(&in, 0, sizeof(in));
    memset(sent, 0, sizeof(sent));
    packet_clear(&out);
    return 0;
}

static void frames_are_found(void **state)
{
    (void)state;
    assert_int_equal(PUT("$OK#9a"), PACKET_WHOLE);
    assert_string_equal(in.text, "OK");
    assert_int_equal(PUT("noise$g#67"), PACKET_WHOLE);
    assert_string_equal(in.text, "g");
    assert_int_equal(PUT("$half$g#67"), PACKET_WHOLE);
    assert_string_equal(in.text, "g");
    assert_int_equal(PUT("$#00"), PACKET_WHOLE);
    assert_int_equal(in.length, 0);
    assert_int_equal(PUT("$OK#9A"), PACKET_WHOLE);
    assert_int_equal(PUT("+"), PACKET_GOOD_ACK);
    assert_int_equal(PUT("-"), PACKET_BAD_ACK);
    assert_int_equal(PUT("\x03"), PACKET_INTERRUPT);
}

static void wrong_sums_are_told(void **state)
{
    (void)state;
    assert_int_equal(PUT("$OK#9b"), PACKET_BAD);
    assert_int_equal(PUT("$OK#x"), PACKET_BAD);
    assert_int_equal(PUT("$OK#9x"), PACKET_BAD);
    assert_int_equal(PUT("$OK#9a"), PACKET_WHOLE);
}

static void escapes_are_undone(void **state)
{
    (void)state;
    assert_int_equal(PUT("$}\x03}]\x03#00"), PACKET_BAD); /* 0x03 inside is a byte */
    assert_int_equal(PUT("$a}\x03z#5b"), PACKET_WHOLE);
    assert_memory_equal(in.text, "a#z", 3);
}

static void what_is_too_long_is_empty(void **state)
{
    (void)state;
    packet_take(&in, '$');
    for (unsigned i = 0; i < PACKET_MAX; i++)
        packet_take(&in, '0');
    assert_int_equal(in.length, PACKET_MAX);
    packet_take(&in, '0');
    assert_int_equal(PUT("#30"), PACKET_WHOLE);
    assert_int_equal(in.length, 0);
}

static void keep_sent(const char *bytes, size_t count)
{
    strncat(sent, bytes, count);
}

static void packets_go_out(void **state)
{
    (void)state;
    packet_put_text(&out, "T05");
    packet_put_number(&out, 0);
    packet_put_number(&out, UINT64_MAX);
    packet_put_hex(&out, "\x01\xab", 2);
    packet_put_binary(&out, "#$}*ab", 6);
    packet_send(&out, keep_sent);
    assert_string_equal(sent, "$T050ffffffffffffffff01ab}\x03}\x04}]}\nab#92");
}

static void what_does_not_fit_is_left_out(void **state)
{
    static const char many[PACKET_MAX];

    (void)state;
    packet_put_hex(&out, many, PACKET_MAX / 2);
    assert_false(out.is_cut);
    packet_put_text(&out, "x");
    assert_true(out.is_cut);
    assert_int_equal(out.length, PACKET_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(frames_are_found, setup),
        cmocka_unit_test_setup(wrong_sums_are_told, setup),
        cmocka_unit_test_setup(escapes_are_undone, setup),
        cmocka_unit_test_setup(what_is_too_long_is_empty, setup),
        cmocka_unit_test_setup(packets_go_out, setup),
        cmocka_unit_test_setup(what_does_not_fit_is_left_out, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
