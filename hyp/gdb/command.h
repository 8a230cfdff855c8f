/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What GDB can say, while all stand still (TRAFFIC_STOPPED): a table of how packets begin, and a
 * function for each. A packet that is in no table gets an empty answer, which to GDB means just
 * that. GDB manual, "Packets", "General Query Packets".
 */
#ifndef GDB_COMMAND_H
#define GDB_COMMAND_H

#include "gdb/packet.h"
#include "gdb/scan.h"
#include "vcpu/vcpu.h"

/* A packet that is being answered: `scan` stands behind the word of the table. */
struct request {
    struct scan scan;
    struct packet_out *out; /* the answer; empty at first */
    bool is_late;           /* the answer comes when all stand still again, or never */
};

struct gdb_command {
    const char *word;
    void (*run)(struct request *request);
};

/* How a line of `monitor` is carried out; what it says goes to `say`, in pieces. */
typedef void (*gdb_monitor_t)(char *line, void (*say)(const char *text, size_t count));

typedef void (*gdb_send_t)(const struct packet_out *out);

/* Once. `how` takes packets that come before the answer. */
void gdb_command_init(gdb_monitor_t monitor, gdb_send_t how);

/* A new GDB. */
void gdb_greet(void);

/* True where `out` is to be sent. */
bool gdb_command_run(const char *text, size_t length, struct packet_out *out);

/* GDB said that it needs no more acks; the answer to that is the last to be acked. */
bool gdb_without_acks(void);

void gdb_set_thread(struct thread_id thread);

/* The thread that g, m, Z and others are about, where there is one. */
bool gdb_thread(struct thread_id *thread);

/* For the files of the tables: */
void gdb_put_ok(struct request *request);
void gdb_put_error(struct request *request, unsigned number);
struct vcpu *gdb_need_vcpu(struct request *request); /* NULL, and an error: there is none */
void gdb_send(const struct packet_out *out);
extern const struct gdb_command gdb_queries[]; /* ended by a row without a word */
extern const struct gdb_command gdb_threads[];
extern const struct gdb_command gdb_memories[];
void gdb_query_init(gdb_monitor_t monitor);

/* Errors are numbers that GDB shows; these are those of Linux. */
#define GDB_ESRCH  3
#define GDB_ENOMEM 12
#define GDB_EFAULT 14
#define GDB_EINVAL 22

#endif
