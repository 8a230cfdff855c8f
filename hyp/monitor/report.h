/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of an answer that more than one command gives: a translation with its steps, the crash
 * report, registers.
 */
#ifndef MONITOR_REPORT_H
#define MONITOR_REPORT_H

#include "monitor/answer.h"
#include "vm/vm.h"

/* x1 to x31 of x[32], by their ABI names: a group. */
void report_registers(struct answer *answer, const uint64_t *x);

/* Both stages through `gstage`, step by step: drawn for people, with the G-stage's walk to each
 * table entry where `is_full`; JSON always has all of it. */
void report_walk(struct answer *answer, const struct walk *walk, const struct gstage *gstage,
                 bool is_full);

/* All that is kept of the VM's crash; nothing where there was none. */
void report_crash(struct answer *answer, const struct vm *vm);

#endif
