/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formats a line on the stack and gives it to the sink. No lock here: the sink keeps lines of
 * several harts apart, and panic must be able to print whatever is held.
 */
#include "lib/print.h"

#include "lib/format.h"

#define PRINT_LENGTH_MAX 256

static print_sink_t print_sink; /* set once by boot/, before the other harts start */

void print_set_sink(print_sink_t sink)
{
    print_sink = sink;
}

void print(const char *format, ...)
{
    char text[PRINT_LENGTH_MAX + 1];
    va_list args;

    if (!print_sink)
        return;
    va_start(args, format);
    size_t length = format_text_v(text, sizeof(text), format, args);
    va_end(args);
    if (length > PRINT_LENGTH_MAX) {
        length = PRINT_LENGTH_MAX;
        text[length - 1] = '\n'; /* so that the next line does not run into this one */
    }
    print_sink(text, length);
}
