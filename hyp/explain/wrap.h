/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sentences in lines.
 */
#ifndef EXPLAIN_WRAP_H
#define EXPLAIN_WRAP_H

#include <stddef.h>

/* Calls `put` with each line of "name: words", none longer than `width` characters unless a word
 * is; the second line and those behind it are indented. */
void explain_wrap(const char *name, const char *words, size_t width,
                  void (*put)(void *context, const char *line), void *context);

#endif
