/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the outside sees where the console is switched: one channel at a time, and the line that
 * the monitor's user types. A part of console.c, whose lock is held in every function here.
 */
#ifndef CONSOLE_VIEW_H
#define CONSOLE_VIEW_H

#include "console/channel.h"

struct view {
    void (*out)(const char *bytes, size_t count);
    struct list channels;         /* all that there are */
    struct console_channel *seen; /* gets the input, also where nothing is switched; or NULL */
    struct console_channel *monitor;
    bool is_escaped; /* the last byte was the switch key */
    struct {
        char text[CONSOLE_LINE_MAX];
        size_t length;
        size_t cursor;
    } prompt;
};

/* Bytes of a channel: shown now, or when it is seen. */
void view_write(struct view *view, struct console_channel *channel, const void *bytes,
                size_t count);

/* Shows the channel, with what it said meanwhile. */
void view_see(struct view *view, struct console_channel *channel);

/* The monitor's line is another one. */
void view_prompt(struct view *view, const char *text, size_t length, size_t cursor);

/* A byte from outside: true where it is for the channel that is seen; else it was a key for us. */
bool view_key(struct view *view, char byte);

#endif
