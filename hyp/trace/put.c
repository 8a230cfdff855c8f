/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a record gets its time and finds the ring of its hart: both are asked of the hart, so this
 * is a hardware file. Comes after trace.h; what a ring is, is ring.h's. A hart that has not seen
 * its ring yet, as tracing was switched on at this moment, records nothing.
 */
#include "lib/string.h"
#include "riscv/hart.h"
#include "riscv/hart_head.h"
#include "trace/ring.h"
#include "trace/trace.h"

static inline void fill(struct trace_record *record, uint64_t v0, uint64_t v1, uint64_t v2,
                        uint64_t v3, uint64_t v4, uint64_t v5)
{
    record->value[0] = v0;
    record->value[1] = v1;
    record->value[2] = v2;
    record->value[3] = v3;
    record->value[4] = v4;
    record->value[5] = v5;
}

/* With no room, or after that: apart, so that the usual way needs no stack. */
__attribute__((noinline)) static void put_late(uint64_t what, uint64_t v0, uint64_t v1, uint64_t v2,
                                               uint64_t v3, uint64_t v4, uint64_t v5)
{
    struct trace_ring *ring = hart_head()->ring;
    struct trace_record *record = trace_ring_take(ring, csr_read(time));

    if (!record)
        return;
    record->what = what | ring->hart;
    fill(record, v0, v1, v2, v3, v4, v5);
    trace_ring_show(ring);
}

void trace_put(uint64_t what, uint64_t v0, uint64_t v1, uint64_t v2, uint64_t v3, uint64_t v4,
               uint64_t v5)
{
    uint64_t now = csr_read(time);
    struct trace_ring *ring = hart_head()->ring;
    struct trace_record *record;

    if (!ring)
        return;
    if (!trace_ring_is_ready(ring)) {
        put_late(what, v0, v1, v2, v3, v4, v5);
        return;
    }
    record = trace_ring_next(ring, now);
    record->what = what | ring->hart;
    fill(record, v0, v1, v2, v3, v4, v5);
    trace_ring_show(ring);
}

void trace_put_name(uint32_t who, const char *name)
{
    uint64_t value[TRACE_VALUES] = {0};
    size_t length = strnlen(name, TRACE_NAME_MAX);

    memcpy(value, name, length);
    trace_put(trace_what(TRACE_KIND_NAME, length, who), value[0], value[1], value[2], value[3],
              value[4], value[5]);
}

static inline struct trace_record *open_exit(struct trace_ring *ring, struct trace_record *record,
                                             uint32_t who)
{
    record->what = trace_what(TRACE_KIND_EXIT, 0, who) | ring->hart;
    trace_ring_open(ring, record);
    return record;
}

__attribute__((noinline)) static struct trace_record *begin_late(uint32_t who)
{
    struct trace_ring *ring = hart_head()->ring;
    struct trace_record *record = trace_ring_take(ring, csr_read(time));

    return record ? open_exit(ring, record, who) : NULL;
}

struct trace_record *trace_exit_begin(uint32_t who)
{
    uint64_t now = csr_read(time);
    struct trace_ring *ring = hart_head()->ring;

    if (!ring)
        return NULL;
    if (!trace_ring_is_ready(ring))
        return begin_late(who);
    return open_exit(ring, trace_ring_next(ring, now), who);
}

void trace_exit_end(struct trace_record *record, unsigned verdict, const struct trap *trap)
{
    if (!record)
        return;
    record->detail = (uint8_t)verdict;
    record->value[0] = trap->scause;
    record->value[1] = trap->pc;
    record->value[2] = trap->stval;
    record->value[3] = trap->htval;
    record->value[4] = trap->htinst;
    record->value[5] = csr_read(time) - record->time;
    trace_ring_close(hart_head()->ring);
}

uint32_t trace_caller(void)
{
    const struct trace_ring *ring = hart_head()->ring;

    return ring && ring->open ? (uint32_t)(ring->open->what >> 32) : TRACE_NOBODY;
}
