/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ring of the newest bytes: readers that keep up, that fall behind, and that ask for what is
 * not there.
 */
#include "lib/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ring ring;

static int start(void **state)
{
    (void)state;
    memset(&ring, 0, sizeof(ring));
    return 0;
}

static void readers_go_on_where_they_stopped(void **state)
{
    uint64_t one = 0, other = 0;
    char text[8];

    (void)state;
    ring_put(&ring, "abc", 3);
    assert_int_equal(ring_get(&ring, &one, text, 2), 2);
    assert_memory_equal(text, "ab", 2);
    ring_put(&ring, "de", 2);
    assert_int_equal(ring_get(&ring, &one, text, 8), 3);
    assert_memory_equal(text, "cde", 3);
    assert_int_equal(ring_get(&ring, &one, text, 8), 0);
    assert_int_equal(ring_get(&ring, &other, text, 8), 5);
    assert_memory_equal(text, "abcde", 5);
    assert_int_equal(one, 5);
    assert_int_equal(other, 5);
}

/* Byte i of the stream is i % 251, so that a wrong lap is seen. */
static void fill(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t byte = (uint8_t)(ring.written % 251);

        ring_put(&ring, &byte, 1);
    }
}

static void the_newest_are_kept(void **state)
{
    static uint8_t bytes[RING_SIZE + 8];
    uint64_t position = 0;

    (void)state;
    fill(RING_SIZE);
    assert_int_equal(ring_get(&ring, &position, bytes, sizeof(bytes)), RING_SIZE);
    fill(RING_SIZE + 3);
    position = 2;
    assert_int_equal(ring_get(&ring, &position, bytes, sizeof(bytes)), RING_SIZE);
    assert_int_equal(position, 2 * RING_SIZE + 3);
    for (size_t i = 0; i < RING_SIZE; i++)
        assert_int_equal(bytes[i], (RING_SIZE + 3 + i) % 251);
}

static void a_position_ahead_is_moved_back(void **state)
{
    uint64_t position = UINT64_MAX;
    char byte;

    (void)state;
    ring_put(&ring, "x", 1);
    assert_int_equal(ring_get(&ring, &position, &byte, 1), 0);
    assert_int_equal(position, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(readers_go_on_where_they_stopped, start),
        cmocka_unit_test_setup(the_newest_are_kept, start),
        cmocka_unit_test_setup(a_position_ahead_is_moved_back, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
