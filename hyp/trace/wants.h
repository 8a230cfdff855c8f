/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which categories are wanted: a byte each, so that a trace point that is off costs three
 * instructions: the byte's address in two halves, with the load, and a branch. An image without
 * traces (make TRACE=none) is compiled with another wants.h.
 */
#ifndef TRACE_WANTS_H
#define TRACE_WANTS_H

#include "trace/record.h"

extern uint8_t trace_wanted[TRACE_CATEGORIES]; /* atomic; written by trace_set_mask */

static inline bool trace_wants(enum trace_category category)
{
    return __builtin_expect(__atomic_load_n(&trace_wanted[category], __ATOMIC_RELAXED), false);
}

#endif
