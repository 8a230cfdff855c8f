/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stub for GDB at the port org.understudy.gdb: people debug guests with it, unmodified ones too.
 * What can be done is in docs/STUB.md.
 *
 * All of it belongs to one hart, in its run loop, outside of any exit and with no lock held, as the
 * monitor does. It costs nothing while nobody is attached.
 */
#ifndef GDB_GDB_H
#define GDB_GDB_H

#include "gdb/command.h"

#define GDB_PORT "org.understudy.gdb"

/* On the hart whose home that is, before it runs its first vCPU. `monitor` carries out a line of
 * GDB's `monitor`, or is NULL. */
void gdb_start(struct vcpu_home *home, gdb_monitor_t monitor);

/* Something may have come to the port, or a vCPU stands still. Any hart. */
void gdb_wake(void);

/* Answers what came, and looks after the vCPUs. True where it should be called again soon, though
 * nobody may wake it. For struct hart's `work`. */
bool gdb_work(void);

#endif
