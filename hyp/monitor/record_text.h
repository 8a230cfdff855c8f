/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record of a trace in words, one line.
 */
#ifndef MONITOR_RECORD_TEXT_H
#define MONITOR_RECORD_TEXT_H

#include "trace/record.h"

#include <stddef.h>

/* What kind it is: `exit`, `sbi`. Never NULL. */
const char *record_text_kind(const struct trace_record *record);

/* What happened, into `text`; cut to `size`, with its NUL. */
void record_text(const struct trace_record *record, char *text, size_t size);

#endif
