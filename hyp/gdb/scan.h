/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading what a packet says from left to right. Each function takes what it knows and goes on
 * behind it; where something else stands, it answers false and stays.
 */
#ifndef GDB_SCAN_H
#define GDB_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scan {
    const char *at;
    const char *end;
};

/* A thread as GDB writes it, pPID.TID. Processes are VMs, by their ids; threads vCPUs, from 1. */
struct thread_id {
    int64_t process; /* THREAD_ALL, THREAD_ANY, or 1 and up */
    int64_t thread;
};

#define THREAD_ALL (-1)
#define THREAD_ANY 0

/* True at the end. */
bool scan_is_done(const struct scan *scan);

/* Exactly this text. */
bool scan_text(struct scan *scan, const char *text);

/* A number of 1 to 16 hexadecimal digits. */
bool scan_number(struct scan *scan, uint64_t *value);

/* `count` bytes of two hexadecimal digits each. */
bool scan_hex(struct scan *scan, void *bytes, size_t count);

/* pPID.TID, pPID (all its threads), TID (of any process), each of them -1 too. */
bool scan_thread(struct scan *scan, struct thread_id *id);

/* Goes on behind the next `end`, or to the end of all. */
void scan_skip(struct scan *scan, char end);

#endif
