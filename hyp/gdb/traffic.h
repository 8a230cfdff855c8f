/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All stop, all go (all-stop mode): GDB has its say while every vCPU of every VM that it is
 * attached to is held and still, and no point is in any guest. It lets some go on, and hears of it
 * when all stand still again. In between all is done by traffic_work, turn by turn, as harts come
 * to it.
 */
#ifndef GDB_TRAFFIC_H
#define GDB_TRAFFIC_H

#include "gdb/packet.h"
#include "gdb/process.h"

enum traffic_state {
    TRAFFIC_STOPPED, /* GDB has its say */
    TRAFFIC_HOLDING, /* all are asked to stand still */
    TRAFFIC_RUNNING,
    TRAFFIC_STEPPING, /* one vCPU runs one instruction, alone */
};

/* The answer that GDB waits for, when all stand still; and the thread that it is about, or NULL. */
typedef void (*traffic_report_t)(const struct packet_out *out, const struct thread_id *thread);

/* Nobody is attached. */
void traffic_init(traffic_report_t how);

enum traffic_state traffic_state(void);

/* All stand still, then that thread is reported to have stopped, for no other reason than that. */
void traffic_stop(struct thread_id thread, unsigned signal);

/* Those vCPUs whose debug.runs is set run on; with `step`, not NULL, that thread makes a step, and
 * no other runs. While stopped. */
void traffic_go(const struct thread_id *step);

/* All stand still, then GDB is attached to nobody; nothing is reported. */
void traffic_leave(void);

/* Looks what has happened. True where it should be called again soon. */
bool traffic_work(void);

#endif
