/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an exit that was for the debugger means: GDB's breakpoint, the guest's own, or an access to
 * a page that is watched for the sake of a few bytes.
 */
#ifndef GDB_EVENT_H
#define GDB_EVENT_H

#include "vm/debug_point.h"

enum event_kind {
    EVENT_BREAK, /* at a point of code, which is *point; perhaps by another address */
    EVENT_WATCH, /* about to access what *point watches */
    EVENT_DONE,  /* it was the guest's own affair, and is settled: it can run on */
    EVENT_PASS,  /* nobody's, but the instruction runs only while no point is in */
};

/* The vCPU has an event and stands still; points are in. For EVENT_DONE its state has changed. */
enum event_kind event_read(struct vcpu *vcpu, struct debug_point *point);

#endif
