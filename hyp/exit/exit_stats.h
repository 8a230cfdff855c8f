/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by cause and time, for VMs that are to be counted.
 */
#ifndef EXIT_EXIT_STATS_H
#define EXIT_EXIT_STATS_H

#include "exit/exit.h"
#include "vcpu/exit_counts.h"
#include "vm/vm.h"

/* Where in vcpu->counts, which is not NULL, the exit counts. Before it is handled: that changes
 * what the row is found by. */
struct exit_count *exit_stats_row(struct vcpu *vcpu, const struct trap *trap);

/* One row of a vCPU's counts: cause_name, and what it was about, "" where nothing more is known. */
typedef void (*exit_stats_visit_t)(void *context, const struct exit_count *row, const char *cause,
                                   const char *what);

/* Calls `visit` for each row of vcpu->counts, which is not NULL, that is not zero. The vCPU may be
 * running; then the rows are those of about now. */
void exit_stats_visit(const struct vcpu *vcpu, exit_stats_visit_t visit, void *context);

/*
 * Hands the counts of all vCPUs to `write` as one line of JSON, in pieces, and sets them to zero:
 *   {"vm": NAME, "end": REASON, "vcpus": [{"id": N, "exits": [{"cause": WORDS, "what": WORDS,
 *    "count": N, "ns": N}, ...]}, ...]}
 * Rows that are zero are left out. No vCPU of the VM runs. Nothing is
 * written for a VM that is not counted.
 */
void exit_stats_write(struct vm *vm, void (*write)(const char *text, size_t length));

#endif
