/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why a thread stands still, or a process is no more, as GDB is told.
 */
#ifndef GDB_STOP_H
#define GDB_STOP_H

#include "gdb/packet.h"
#include "gdb/scan.h"
#include "vm/debug_point.h"

/* GDB's numbers of signals. */
#define STOP_SIGINT  2
#define STOP_SIGTRAP 5
#define STOP_SIGABRT 6
#define STOP_SIGKILL 9

struct stop {
    struct thread_id thread;
    unsigned signal;
    bool is_break;        /* at a breakpoint */
    bool is_watch;        /* about to do what is watched */
    enum debug_kind kind; /* is_watch: what that is, and where */
    gva_t gva;
};

void stop_put(struct packet_out *out, const struct stop *stop);

/* The process of that id, attached until now, is over: its VM has ended, is gone, or has begun a
 * new life, which GDB is not attached to. */
void stop_put_end(struct packet_out *out, uint32_t id);

#endif
