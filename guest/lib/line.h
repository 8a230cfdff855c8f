/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line of text under construction; what does not fit is dropped.
 */
#ifndef LIB_LINE_H
#define LIB_LINE_H

#include "lib/tap.h"

#include <stdarg.h>

struct line {
    size_t length;
    char text[200];
};

void line_add(struct line *line, const char *format, ...) PRINTF_LIKE(2);
void line_add_list(struct line *line, const char *format, va_list args);

/* Adds the newline and writes it out. */
void line_end(struct line *line);

#endif
