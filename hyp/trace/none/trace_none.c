/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The room without its contents, for an image that is compared with one that has traces
 * (make TRACE=none, scripts/bench_trace). Linked instead of the room's files.
 */
#include "trace/control.h"
#include "trace/stream.h"
#include "trace/trace.h"

struct trace_record *trace_exit_begin(uint32_t who)
{
    (void)who;
    return NULL;
}

void trace_exit_end(struct trace_record *record, unsigned verdict, const struct trap *trap)
{
    (void)record;
    (void)verdict;
    (void)trap;
}

bool trace_is_there(void)
{
    return false;
}

uint64_t trace_mask(void)
{
    return 0;
}

void trace_set_mask(uint64_t mask)
{
    (void)mask;
}

const char *trace_category_name(enum trace_category category)
{
    (void)category;
    return "none";
}

uint64_t trace_mask_parse(const char *words, size_t length)
{
    (void)words;
    return length > 0; /* any, so that whoever asks is told that there is none */
}

void trace_add(struct trace_ring *ring)
{
    (void)ring;
}

struct trace_ring *trace_rings(void)
{
    return NULL;
}

uint64_t trace_lost(void)
{
    return 0;
}

void trace_ring_init(struct trace_ring *ring, unsigned hart, void *records, size_t size)
{
    (void)ring;
    (void)hart;
    (void)records;
    (void)size;
}

uint64_t trace_ring_count(const struct trace_ring *ring)
{
    (void)ring;
    return 0;
}

const struct trace_record *trace_ring_before(const struct trace_ring *ring, uint64_t number)
{
    (void)ring;
    (void)number;
    return NULL;
}

void trace_stream_start(uint64_t mask, uint64_t now)
{
    (void)mask;
    (void)now;
}

void trace_stream_stop(void)
{
}

bool trace_stream_is_on(void)
{
    return false;
}

void trace_stream_work(uint64_t now)
{
    (void)now;
}
