/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is not in line: a loss, and the consumer's side. Comes after put.c, and
 * before stream.c.
 */
#include "trace/ring.h"

#include "lib/string.h"

void trace_ring_init(struct trace_ring *ring, unsigned hart, void *records, size_t size)
{
    *ring = (struct trace_ring){
        .records = records,
        .mask = size / sizeof(struct trace_record) - 1,
        .hart = trace_hart(hart),
    };
}

static void put_drop(struct trace_ring *ring, uint64_t now)
{
    struct trace_record *record = trace_ring_next(ring, now);

    record->what = trace_what(TRACE_KIND_DROP, 0, TRACE_NOBODY) | ring->hart;
    memset(record->value, 0, sizeof(record->value));
    record->value[0] = ring->lost;
    ring->lost = 0;
}

struct trace_record *trace_ring_take(struct trace_ring *ring, uint64_t now)
{
    uint64_t end = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE) + ring->mask + 1;

    if (ring->lost && end - ring->head >= 2)
        put_drop(ring, now);
    if (ring->lost || ring->head == end) {
        ring->limit = ring->head;
        ring->lost++;
        __atomic_store_n(&ring->lost_all, ring->lost_all + 1, __ATOMIC_RELAXED);
        return NULL;
    }
    ring->limit = end;
    return trace_ring_next(ring, now);
}

const struct trace_record *trace_ring_peek(const struct trace_ring *ring, size_t *count)
{
    uint64_t left = __atomic_load_n(&ring->shown, __ATOMIC_ACQUIRE) - ring->sent;
    uint64_t at = ring->sent & ring->mask;

    *count = min_u64(left, ring->mask + 1 - at);
    return &ring->records[at];
}

void trace_ring_sent(struct trace_ring *ring, size_t count, size_t kept)
{
    uint64_t shown = __atomic_load_n(&ring->shown, __ATOMIC_RELAXED);
    uint64_t oldest = shown > kept ? shown - kept : 0;

    ring->sent += count;
    oldest = min_u64(oldest, ring->sent);
    if (oldest > ring->tail)
        __atomic_store_n(&ring->tail, oldest, __ATOMIC_RELEASE);
}

uint64_t trace_ring_count(const struct trace_ring *ring)
{
    return __atomic_load_n(&ring->shown, __ATOMIC_ACQUIRE);
}

const struct trace_record *trace_ring_before(const struct trace_ring *ring, uint64_t number)
{
    return number > ring->tail ? &ring->records[(number - 1) & ring->mask] : NULL;
}
