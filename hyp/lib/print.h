/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor's own lines to people. They go to a sink that boot/ sets, so that lib/ needs
 * no platform. A line is at most 256 characters; what is longer is cut and ends in a newline.
 */
#ifndef LIB_PRINT_H
#define LIB_PRINT_H

#include <stddef.h>

typedef void (*print_sink_t)(const char *text, size_t length);

/* Before the first call, print() drops its text. */
void print_set_sink(print_sink_t sink);

/* Formats (lib/format.h) and hands the whole text to the sink in one call. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
