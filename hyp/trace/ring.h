/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records of one hart. One producer, that hart, and one consumer, the hart that streams them;
 * no lock. What finds no room is lost, and counted: the producer never waits.
 *
 * Records have numbers, from 0. Those before `tail` may be overwritten, those from `tail` to
 * `shown` are the consumer's to read, those from `shown` to `head` are not whole yet. Each index
 * has one writer: it is stored after what it stands for (release), and loaded before (acquire).
 */
#ifndef TRACE_RING_H
#define TRACE_RING_H

#include "trace/record.h"

#include <stddef.h>

/* Bytes of a hart's records. A guest that does nothing but exit makes two records in about a
 * microsecond; they are taken out every 20 ms, so it makes 2.5 MiB meanwhile. */
#define TRACE_RING_SIZE 4194304UL

struct trace_ring {
    /* Fixed at creation. */
    struct trace_record *records;
    uint64_t mask;           /* their number less one: a power of two less one */
    uint64_t hart;           /* of trace_hart */
    struct trace_ring *next; /* the ring of another hart, or NULL */

    /* The producer's alone. */
    uint64_t head;
    uint64_t limit;            /* so far it may go, until it asks for `tail`; head after a loss */
    uint64_t lost;             /* since the last TRACE_KIND_DROP */
    struct trace_record *open; /* one before `head` that is not whole, or NULL: trace_ring_open */

    /* Atomic; written by the producer. */
    uint64_t shown;
    uint64_t lost_all;

    /* Atomic; written by the consumer. */
    uint64_t tail;
    /* The consumer's alone: up to where the records have left. From tail on. */
    uint64_t sent;
    uint64_t looked; /* how many nobody has looked at, of the oldest: monitor/command_trace.c */
};

/* A ring without a record, of `size` bytes, a power of two from 4 records on. */
void trace_ring_init(struct trace_ring *ring, unsigned hart, void *records, size_t size);

/* Producer. True where there is room for a record, as far as is known, and nothing has been lost:
 * trace_ring_next. Otherwise trace_ring_take. */
static inline bool trace_ring_is_ready(const struct trace_ring *ring)
{
    return ring->head != ring->limit;
}

/* Producer, where the ring is ready. The next record, with its time set: it is filled at once,
 * then trace_ring_show. These three are in line, as nearly all records come this way. */
static inline struct trace_record *trace_ring_next(struct trace_ring *ring, uint64_t now)
{
    struct trace_record *record = &ring->records[ring->head++ & ring->mask];

    record->time = now;
    return record;
}

/* Producer. The same whether the ring is ready or not. After a loss a record says how many were
 * lost, once there is room for that and another one. NULL where there is none: one more is lost. */
struct trace_record *trace_ring_take(struct trace_ring *ring, uint64_t now);

/* Producer. All records taken so far are whole; unless one is open, the consumer may have them. */
static inline void trace_ring_show(struct trace_ring *ring)
{
    if (ring->open)
        return;
    __atomic_thread_fence(__ATOMIC_RELEASE);
    __atomic_store_n(&ring->shown, ring->head, __ATOMIC_RELAXED);
}

/* Producer. A record of trace_ring_next or _take, not NULL, is filled later: until it is closed
 * those behind it wait with it, so that their order is that of their time. One at a time. */
static inline void trace_ring_open(struct trace_ring *ring, struct trace_record *record)
{
    ring->open = record;
}

static inline void trace_ring_close(struct trace_ring *ring)
{
    ring->open = NULL;
    trace_ring_show(ring);
}

/* Consumer. The records from ring->sent on that lie in one piece, and their number; 0: none. */
const struct trace_record *trace_ring_peek(const struct trace_ring *ring, size_t *count);

/* Consumer. `count` of these have left. The newest `kept` of all that were shown stay readable,
 * the room of the others is the producer's again. */
void trace_ring_sent(struct trace_ring *ring, size_t count, size_t kept);

/* Consumer. The number of records shown so far. */
uint64_t trace_ring_count(const struct trace_ring *ring);

/* Consumer. The last of the first `number` records, at most as many as were shown; NULL where it is
 * not kept. It stays until trace_ring_sent, whatever is put behind it. */
const struct trace_record *trace_ring_before(const struct trace_ring *ring, uint64_t number);

#endif
