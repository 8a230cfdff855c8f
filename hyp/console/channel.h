/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One speaker of the console: what it said, and what waits for it. Who sees it when is decided in
 * console.c, whose lock is held in every function here.
 */
#ifndef CONSOLE_CHANNEL_H
#define CONSOLE_CHANNEL_H

#include "lib/list.h"
#include "lib/ring.h"
#include "lib/tty.h"

#include <stdbool.h>

#define CONSOLE_LINE_MAX  128
#define CONSOLE_INPUT_MAX 4096

struct console_channel {
    struct tty tty; /* the back that the VM's serial port is given */
    const char *name;
    /* The console's lock must be held. */
    struct list link;
    char line[CONSOLE_LINE_MAX]; /* shared: what waits for the end of its line */
    uint32_t line_length;
    uint8_t input[CONSOLE_INPUT_MAX];
    uint32_t input_head; /* index of the oldest byte */
    uint32_t input_count;
    struct ring output;
    uint64_t shown; /* position in the ring: what the outside has seen, switched */
};

/* One byte more for the line; true where it is to be shown now: it ended, or it is full. A
 * carriage return is the guest's own terminal manners: the line end says it already. */
bool console_channel_gather(struct console_channel *channel, char byte);

/* Bytes for the channel; returns how many fit. */
size_t console_channel_give(struct console_channel *channel, const char *bytes, size_t count);

/* Takes at most `count` of those bytes; returns how many. */
size_t console_channel_take(struct console_channel *channel, uint8_t *bytes, size_t count);

#endif
