/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is recorded, and where. Used by who switches traces on and off (monitor/tracing.c) and by
 * stream.c; trace points see wants.h only.
 */
#ifndef TRACE_CONTROL_H
#define TRACE_CONTROL_H

#include "trace/ring.h"
#include "trace/wants.h"

/* False in an image that was built without trace points. */
bool trace_is_there(void);

/* The categories that are recorded: bits of enum trace_category. 0: none, tracing is off. */
uint64_t trace_mask(void);
void trace_set_mask(uint64_t mask);

const char *trace_category_name(enum trace_category category);

/* The mask of names with commas between them, or of `all`; 0 where it is none. */
uint64_t trace_mask_parse(const char *words, size_t length);

/* The rings of the harts, one after the other by `next`; NULL before the first is added. They stay
 * for ever. Added before a mask is set, one at a time. */
void trace_add(struct trace_ring *ring);
struct trace_ring *trace_rings(void);

/* Records lost so far on all harts. */
uint64_t trace_lost(void);

#endif
