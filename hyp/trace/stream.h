/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way of the records out of the rings: to the port org.understudy.trace, as they are. One
 * hart's, the one that calls trace_stream_work in its run loop. A reader that does not keep up
 * costs records, which are counted, and no time of the guests.
 */
#ifndef TRACE_STREAM_H
#define TRACE_STREAM_H

#include "trace/ring.h"

#define TRACE_PORT "org.understudy.trace"
#define TRACE_KEPT 1024 /* of the newest records of each hart that stay to be looked at */

/* A new stream at host time `now`: HELLO, which says `mask`, and then what is recorded from now on.
 * One that was on its way ends without an END. */
void trace_stream_start(uint64_t mask, uint64_t now);

/* What was recorded so far goes out, and an END. Nothing is recorded any more. */
void trace_stream_stop(void);

/* False where there is nothing to send and nothing will come. */
bool trace_stream_is_on(void);

/* Sends what there is at host time `now`, if it is time for that: 50 times a second. */
void trace_stream_work(uint64_t now);

#endif
