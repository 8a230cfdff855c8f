/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words that fakes leave behind, in the order of their calls. Each fake's header says which.
 */
#ifndef FAKES_TRACE_H
#define FAKES_TRACE_H

#include "vcpu/vcpu.h"

#define TRACE_LABEL_MAX 48

/* Forgets all words. */
void trace_reset(void);

/* Adds a word; a full trace takes no more. */
void trace_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The words since the last reset or check, one blank between two, are exactly these; fails the
 * test otherwise. They are forgotten then. */
void trace_check(const char *expected);

/* "a0" for vCPU 0 of the VM named "a"; "0" for one without a VM. */
const char *trace_label(const struct vcpu *vcpu, char label[TRACE_LABEL_MAX]);

#endif
