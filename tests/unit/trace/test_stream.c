/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way out of the rings: what a reader gets, in which order, whether it reads fast, slowly or
 * not at all, and over several streams.
 */
#include "trace/stream.h"

#include "fakes/board.h"
#include "fakes/caps.h"
#include "trace/control.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define RECORDS  4096
#define RINGS    2
#define SEEN_MAX (4 * RECORDS)

static struct trace_ring rings[RINGS];
static struct trace_record records[RINGS][RECORDS];
static struct trace_record seen[SEEN_MAX];
static size_t seen_count;
static uint64_t now;

/* The reader's end. */
static void receive(const void *bytes, size_t size)
{
    assert_int_equal(size % sizeof(*seen), 0);
    assert_true(seen_count + size / sizeof(*seen) <= SEEN_MAX);
    memcpy(&seen[seen_count], bytes, size);
    seen_count += size / sizeof(*seen);
}

static void work(void)
{
    now += caps.timebase / 50;
    trace_stream_work(now);
}

/* A stream that nobody has begun, whatever the last test left. */
static int start(void **state)
{
    (void)state;
    caps_reset();
    board_reset();
    caps.timebase = 10000000;
    board_fake.post_hook = receive;
    platform.epoch_ns = 77;
    if (!trace_rings()) {
        for (unsigned i = 0; i < RINGS; i++) {
            trace_ring_init(&rings[i], i, records[i], sizeof(records[i]));
            trace_add(&rings[i]);
        }
    }
    trace_stream_stop();
    work();
    work();
    seen_count = 0;
    return 0;
}

/* `count` records, numbered from `first` on. */
static void put(struct trace_ring *ring, uint64_t first, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct trace_record *record = trace_ring_take(ring, now);

        if (record) {
            record->what = trace_what(TRACE_KIND_EXIT, 0, TRACE_NOBODY) | ring->hart;
            record->value[0] = first + i;
        }
        trace_ring_show(ring);
    }
}

static void begin(void)
{
    trace_stream_start(5, 1234);
    work();
}

static void a_stream_begins_with_hello(void **state)
{
    (void)state;
    put(&rings[0], 100, 3); /* of before */
    begin();
    assert_int_equal(seen_count, 1);
    assert_int_equal(seen[0].kind, TRACE_KIND_HELLO);
    assert_int_equal(seen[0].detail, TRACE_VERSION);
    assert_memory_equal(seen[0].value, "!USTRACE", 8);
    assert_int_equal(seen[0].time, 1234);
    assert_int_equal(seen[0].value[1], 10000000);
    assert_int_equal(seen[0].value[2], RINGS);
    assert_int_equal(seen[0].value[3], 5);
    assert_int_equal(seen[0].value[4], 77);
    assert_true(board_fake.looks);
}

static void records_follow_by_hart_in_order(void **state)
{
    uint64_t next[RINGS] = {0, 1000};

    (void)state;
    begin();
    put(&rings[0], 0, 300);
    put(&rings[1], 1000, 200);
    work();
    assert_int_equal(seen_count, 1 + 500);
    for (size_t i = 1; i < seen_count; i++)
        assert_int_equal(seen[i].value[0], next[seen[i].hart]++);
    put(&rings[1], 1200, 2);
    trace_stream_work(now); /* it is not time yet */
    assert_int_equal(seen_count, 501);
    work();
    assert_int_equal(seen_count, 503);
}

/* No order of the two rings' pieces leaves one of them waiting. */
static void much_goes_in_turns(void **state)
{
    unsigned changes = 0;

    (void)state;
    begin();
    put(&rings[0], 0, RECORDS - TRACE_KEPT);
    put(&rings[1], 0, RECORDS - TRACE_KEPT);
    work();
    assert_int_equal(seen_count, 1 + 2 * (RECORDS - TRACE_KEPT));
    for (size_t i = 2; i < seen_count; i++)
        changes += seen[i].hart != seen[i - 1].hart;
    assert_true(changes >= 3);
}

static void the_end_is_told(void **state)
{
    (void)state;
    begin();
    put(&rings[0], 7, 2);
    trace_stream_stop();
    work();
    assert_int_equal(seen_count, 4);
    assert_int_equal(seen[2].value[0], 8);
    assert_int_equal(seen[3].kind, TRACE_KIND_END);
    assert_false(board_fake.looks);
    put(&rings[0], 9, 1);
    work();
    assert_int_equal(seen_count, 4);
}

static void stall(void)
{
    board_fake.post_stalls = true;
}

static void go_on(void)
{
    board_fake.post_stalls = board_fake.post_is_kept = false;
}

/* A reader that does not read keeps what it was given, and nothing else; then it is told what it
 * has missed. */
static void a_slow_reader_loses_records(void **state)
{
    uint64_t next = 0;
    size_t given;

    (void)state;
    begin();
    stall();
    put(&rings[0], 0, 10);
    work();
    given = seen_count;
    put(&rings[0], 10, 3 * RECORDS);
    for (unsigned i = 0; i < 10; i++)
        work();
    assert_int_equal(seen_count, given);
    assert_true(rings[0].lost > 0);
    go_on();
    work();
    put(&rings[0], 10 + 3 * RECORDS, 5);
    work();
    for (size_t i = 1; i < seen_count; i++) {
        if (seen[i].kind == TRACE_KIND_DROP)
            next += seen[i].value[0];
        else
            assert_int_equal(seen[i].value[0], next++);
    }
    assert_int_equal(next, 10 + 3 * RECORDS + 5);
    assert_int_equal(rings[0].lost, 0);
}

/* Begun anew while the port has a piece of the old one: nothing of the old follows HELLO. */
static void a_new_stream_may_come_at_any_time(void **state)
{
    (void)state;
    begin();
    stall();
    put(&rings[0], 0, RECORDS / 2);
    put(&rings[1], 0, 3);
    work();
    seen_count = 0;
    trace_stream_start(9, 99);
    put(&rings[0], 6000, 2);
    work();
    assert_int_equal(seen_count, 0);
    go_on();
    work();
    assert_int_equal(seen_count, 3);
    assert_int_equal(seen[0].kind, TRACE_KIND_HELLO);
    assert_int_equal(seen[0].value[3], 9);
    assert_int_equal(seen[1].value[0], 6000);
    assert_int_equal(seen[2].value[0], 6001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_stream_begins_with_hello, start),
        cmocka_unit_test_setup(records_follow_by_hart_in_order, start),
        cmocka_unit_test_setup(much_goes_in_turns, start),
        cmocka_unit_test_setup(the_end_is_told, start),
        cmocka_unit_test_setup(a_slow_reader_loses_records, start),
        cmocka_unit_test_setup(a_new_stream_may_come_at_any_time, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
