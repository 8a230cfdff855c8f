/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line as it is typed: editing keys, history. Keys in, text and cursor out; nothing is drawn
 * here (console_prompt does), and what a word means is known to monitor/command.c.
 */
#ifndef MONITOR_LINE_H
#define MONITOR_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_MAX         111 /* characters, without the NUL */
#define LINE_HISTORY_MAX 16

enum line_event {
    LINE_UNCHANGED, /* or a key that is not whole yet */
    LINE_CHANGED,
    LINE_COMPLETE, /* Tab: the caller may line_insert */
    LINE_CANCELLED,
    LINE_DONE, /* the text is whole; then line_start */
};

/* Start state: all zero, an empty line and no history. */
struct line {
    char text[LINE_MAX + 1]; /* ended by NUL */
    unsigned length;
    unsigned cursor;     /* the next character goes before this one */
    unsigned escape;     /* of a key that comes as several bytes: how far it is read */
    char escape_digit;   /* of ESC [ digit ~ */
    unsigned history_at; /* how many lines back is shown; 0: the one that is typed */
    unsigned history_count;
    char history[LINE_HISTORY_MAX][LINE_MAX + 1]; /* the newest first */
};

/* Takes one byte of what a terminal sends. What does not fit into the line is dropped. */
enum line_event line_key(struct line *line, uint8_t key);

/* Inserts printable characters at the cursor. */
void line_insert(struct line *line, const char *text, size_t length);

/* Begins an empty line. The old one goes into the history, unless it is empty or the last there. */
void line_start(struct line *line);

#endif
