/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hart's records: in order, round the end, lost and counted, held back behind an open one; and a
 * producer and a consumer on two threads.
 */
#include "trace/ring.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define RECORDS 8
#define HART    3

static struct trace_ring ring;
static struct trace_record records[RECORDS];
static uint64_t made; /* records so far, lost ones too */

static int start(void **state)
{
    (void)state;
    trace_ring_init(&ring, HART, records, sizeof(records));
    made = 0;
    return 0;
}

/* Records are numbered: so a lost, repeated or mixed one is seen. */
static bool put(void)
{
    uint64_t number = made++;
    struct trace_record *record = trace_ring_is_ready(&ring) ? trace_ring_next(&ring, number)
                                                             : trace_ring_take(&ring, number);

    if (!record)
        return false;
    record->what = trace_what(TRACE_KIND_SBI, 0, TRACE_NOBODY) | ring.hart;
    for (unsigned i = 0; i < TRACE_VALUES; i++)
        record->value[i] = number;
    trace_ring_show(&ring);
    return true;
}

static void put_all(unsigned count)
{
    while (count-- > 0)
        assert_true(put());
}

/* Takes `count` records, which must be those from `first` on. */
static void expect(uint64_t first, size_t count)
{
    while (count > 0) {
        size_t piece;
        const struct trace_record *record = trace_ring_peek(&ring, &piece);

        assert_in_range(piece, 1, RECORDS);
        piece = piece < count ? piece : count;
        for (size_t i = 0; i < piece; i++) {
            assert_int_equal(record[i].time, first + i);
            assert_int_equal(record[i].value[5], first + i);
            assert_int_equal(record[i].hart, HART);
        }
        trace_ring_sent(&ring, piece, 0);
        first += piece;
        count -= piece;
    }
}

static void expect_none(void)
{
    size_t count;

    trace_ring_peek(&ring, &count);
    assert_int_equal(count, 0);
}

static void they_come_in_order(void **state)
{
    (void)state;
    expect_none();
    for (uint64_t first = 0; first < 100 * 5; first += 5) {
        put_all(5);
        expect(first, 5);
        expect_none();
    }
    assert_int_equal(ring.lost_all, 0);
}

static void a_full_ring_holds_all_its_records(void **state)
{
    (void)state;
    put_all(3);
    expect(0, 3);
    put_all(RECORDS);
    expect(3, RECORDS);
}

static void expect_drop(uint64_t lost)
{
    size_t count;
    const struct trace_record *record = trace_ring_peek(&ring, &count);

    assert_true(count > 0);
    assert_int_equal(record->kind, TRACE_KIND_DROP);
    assert_int_equal(record->hart, HART);
    assert_int_equal(record->vm, TRACE_NONE);
    assert_int_equal(record->value[0], lost);
    trace_ring_sent(&ring, 1, 0);
}

/* The loss is told where it happened, before what could be recorded again. */
static void what_is_lost_is_counted(void **state)
{
    (void)state;
    put_all(RECORDS);
    assert_false(put());
    assert_false(put());
    expect(0, 1);
    assert_false(put()); /* one place is not enough to tell and to record */
    expect(1, 2);
    assert_true(put());
    put_all(1);
    assert_false(put());
    expect(3, RECORDS - 3);
    expect_drop(3);
    expect(RECORDS + 3, 2);
    put_all(1);
    expect_drop(1);
    expect(RECORDS + 6, 1);
    assert_int_equal(ring.lost_all, 4);
    expect_none();
}

static void an_open_one_holds_back_what_follows(void **state)
{
    struct trace_record *open = trace_ring_take(&ring, made++);

    (void)state;
    trace_ring_open(&ring, open);
    put_all(2);
    expect_none();
    open->what = ring.hart;
    open->value[5] = 0;
    trace_ring_close(&ring);
    expect(0, 3);
    expect_none();
}

/* The record that stands so many before the newest one. */
static const struct trace_record *back(uint64_t count)
{
    uint64_t number = trace_ring_count(&ring);

    return number > count ? trace_ring_before(&ring, number - count) : NULL;
}

static void what_is_looked_at_stays_when_more_comes(void **state)
{
    uint64_t number;

    (void)state;
    put_all(3);
    number = trace_ring_count(&ring);
    put_all(2);
    assert_int_equal(trace_ring_before(&ring, number)->time, 2);
    assert_int_equal(trace_ring_before(&ring, number - 2)->time, 0);
}

static void the_newest_stay_to_be_looked_at(void **state)
{
    size_t count;

    (void)state;
    assert_null(back(0));
    put_all(6);
    assert_int_equal(back(0)->time, 5);
    assert_int_equal(back(5)->time, 0);
    assert_null(back(6));
    trace_ring_peek(&ring, &count);
    trace_ring_sent(&ring, count, 4);
    expect_none();
    assert_int_equal(back(3)->time, 2);
    assert_null(back(4));
    put_all(RECORDS - 4); /* what is kept is not free */
    assert_false(put());
    /* What has not left stays, however few are to be kept. */
    trace_ring_sent(&ring, 0, 0);
    assert_int_equal(back(3)->time, 6);
    assert_null(back(4));
}

/* Two threads: what is not lost comes whole and in order, and the losses add up. */
#define ROUNDS 2000000

static uint32_t is_over; /* atomic */

static void *produce(void *unused)
{
    (void)unused;
    for (unsigned i = 0; i < ROUNDS; i++) {
        put();
        if (i % 64 == 0)
            sched_yield();
    }
    __atomic_store_n(&is_over, 1, __ATOMIC_RELEASE);
    return NULL;
}

struct seen {
    uint64_t next; /* the number that is expected */
    uint64_t wrong;
    uint64_t lost;
};

static void see(struct seen *seen, const struct trace_record *record)
{
    if (record->kind == TRACE_KIND_DROP) {
        seen->lost += record->value[0];
        seen->next += record->value[0];
        return;
    }
    for (unsigned i = 0; i < TRACE_VALUES; i++)
        seen->wrong += record->value[i] != seen->next;
    seen->next++;
}

static void two_threads_agree(void **state)
{
    struct seen seen = {0};
    pthread_t producer;
    bool was_over;

    (void)state;
    is_over = 0;
    assert_int_equal(pthread_create(&producer, NULL, produce, NULL), 0);
    do {
        size_t count;
        const struct trace_record *record;

        was_over = __atomic_load_n(&is_over, __ATOMIC_ACQUIRE);
        while (record = trace_ring_peek(&ring, &count), count > 0) {
            for (size_t i = 0; i < count; i++)
                see(&seen, &record[i]);
            trace_ring_sent(&ring, count, 0);
        }
    } while (!was_over);
    pthread_join(producer, NULL);
    assert_int_equal(seen.wrong, 0);
    assert_int_equal(seen.next + ring.lost, ROUNDS);
    assert_int_equal(seen.lost + ring.lost, ring.lost_all);
    assert_true(seen.next - seen.lost > RECORDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(they_come_in_order, start),
        cmocka_unit_test_setup(a_full_ring_holds_all_its_records, start),
        cmocka_unit_test_setup(what_is_lost_is_counted, start),
        cmocka_unit_test_setup(an_open_one_holds_back_what_follows, start),
        cmocka_unit_test_setup(what_is_looked_at_stays_when_more_comes, start),
        cmocka_unit_test_setup(the_newest_stay_to_be_looked_at, start),
        cmocka_unit_test_setup(two_threads_agree, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
