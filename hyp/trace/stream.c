/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing is copied: the port is given a piece of a ring, and until it has taken that, the piece
 * stays the consumer's. The rings have their turns, so that a slow reader loses of all harts alike.
 */
#include "trace/stream.h"

#include "platform.h"
#include "riscv/caps.h"
#include "trace/control.h"

#define LOOKS_A_SECOND 50
#define PIECE          1024 /* records that are posted at a time */
#define POSTS_MAX      256  /* at one look, so that producers do not keep the hart */

static enum {
    STREAM_OFF,
    STREAM_BEGINS, /* HELLO is to be sent */
    STREAM_GOES,
    STREAM_ENDS, /* the rest, and END, are to be sent */
} state;

static uint64_t look_at; /* host time */
static uint64_t mask;
static uint64_t started;         /* host time */
static struct trace_record edge; /* HELLO or END, while it is posted */
/* What the port was given, unless it is nothing. */
static bool is_posted;
static struct trace_ring *posted_ring; /* NULL: the edge */
static size_t posted_count;
static struct trace_ring *turn; /* whose turn is next; NULL: the first one's */

/* What is in the rings is of an earlier stream. What the port has of them goes with it. */
static void forget(void)
{
    for (struct trace_ring *ring = trace_rings(); ring; ring = ring->next) {
        size_t count = __atomic_load_n(&ring->shown, __ATOMIC_ACQUIRE) - ring->sent;

        if (is_posted && ring == posted_ring)
            posted_count = count;
        else
            trace_ring_sent(ring, count, TRACE_KEPT);
    }
}

void trace_stream_start(uint64_t of_mask, uint64_t now)
{
    mask = of_mask;
    started = now;
    forget();
    state = STREAM_BEGINS;
    look_at = 0;
    platform_look(true);
}

void trace_stream_stop(void)
{
    if (state != STREAM_OFF)
        state = STREAM_ENDS;
    look_at = 0;
}

/* True where the port has taken all that it was given. */
static bool is_free(void)
{
    if (is_posted && !platform_port_is_free(TRACE_PORT))
        return false;
    if (is_posted && posted_ring)
        trace_ring_sent(posted_ring, posted_count, TRACE_KEPT);
    is_posted = false;
    return true;
}

static void post(struct trace_ring *ring, const struct trace_record *records, size_t count)
{
    is_posted = platform_port_post(TRACE_PORT, records, count * sizeof(*records));
    posted_ring = ring;
    posted_count = count;
}

static void post_edge(unsigned kind, uint64_t now)
{
    edge = (struct trace_record){
        .time = now,
        .what = trace_what(kind, TRACE_VERSION, TRACE_NOBODY),
    };
}

static void post_hello(void)
{
    uint64_t harts = 0;

    for (const struct trace_ring *ring = trace_rings(); ring; ring = ring->next)
        harts++;
    post_edge(TRACE_KIND_HELLO, started);
    edge.value[0] = TRACE_MAGIC;
    edge.value[1] = caps.timebase;
    edge.value[2] = harts;
    edge.value[3] = mask;
    edge.value[4] = platform.epoch_ns;
    post(NULL, &edge, 1);
    state = STREAM_GOES;
}

static void post_end(uint64_t now)
{
    post_edge(TRACE_KIND_END, now);
    edge.value[0] = trace_lost();
    post(NULL, &edge, 1);
    state = STREAM_OFF;
    platform_look(false);
}

/* A piece of the next ring that has any. False where none has. */
static bool post_records(void)
{
    struct trace_ring *first = turn ? turn : trace_rings();
    struct trace_ring *ring = first;

    while (ring) {
        size_t count;
        const struct trace_record *records = trace_ring_peek(ring, &count);

        turn = ring->next;
        if (count > 0) {
            post(ring, records, min_u64(count, PIECE));
            return true;
        }
        ring = turn ? turn : trace_rings();
        if (ring == first)
            return false;
    }
    return false;
}

bool trace_stream_is_on(void)
{
    return state != STREAM_OFF;
}

/* Out of line, as the run loop asks each time. */
static __attribute__((noinline)) void work(uint64_t now)
{
    look_at = now + caps.timebase / LOOKS_A_SECOND;
    for (unsigned i = 0; i < POSTS_MAX && is_free() && state != STREAM_OFF; i++) {
        if (state == STREAM_BEGINS)
            post_hello();
        else if (!post_records() && state == STREAM_ENDS)
            post_end(now);
        else if (!is_posted)
            return;
    }
}

void trace_stream_work(uint64_t now)
{
    if (state != STREAM_OFF && now >= look_at)
        work(now);
}
