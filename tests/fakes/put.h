/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for trace/put.c: the records of all trace points, one after the other, of hart 0. What
 * is wanted is real (trace/control.h); at the start nothing is.
 */
#ifndef FAKES_PUT_H
#define FAKES_PUT_H

#include "trace/trace.h"

#define PUT_RECORDS_MAX 64

struct put_fake {
    struct trace_record records[PUT_RECORDS_MAX];
    unsigned count;            /* what comes when it is full is dropped */
    struct trace_record *open; /* an exit's, as in a ring */
};

extern struct put_fake put_fake;

/* No record; the categories of `mask` are wanted. */
void put_reset(uint64_t mask);

/* The record of that kind that came first, or NULL. */
const struct trace_record *put_find(enum trace_kind kind);

#endif
