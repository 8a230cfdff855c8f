/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console multiplexer: several speakers, one line to the outside. Each VM has a channel.
 *
 * Shared, the channels' output comes line by line, each line behind its VM's name, never mixed.
 * Owned by one VM (console_own), its bytes pass unchanged in both directions; the hypervisor's
 * own lines end before the marker line `understudy-NONCE begin`, and come again only after the
 * marker `understudy-NONCE end`.
 */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include "lib/tty.h"

#define CONSOLE_LINE_MAX  128
#define CONSOLE_INPUT_MAX 4096
#define CONSOLE_NONCE_MAX 32

struct console_channel {
    struct tty tty; /* the back that the VM's serial port is given */
    const char *name;
    /* The console's lock must be held. */
    char line[CONSOLE_LINE_MAX];
    uint32_t line_length;
    uint8_t input[CONSOLE_INPUT_MAX];
    uint32_t input_head; /* index of the oldest byte */
    uint32_t input_count;
};

/* Before any other call: where all bytes go. `out` is called with the console's lock held. */
void console_init(void (*out)(const char *bytes, size_t count));

/* A sink for lib/print.c: the hypervisor's own text. */
void console_print(const char *text, size_t length);

/* `name` stays. The first channel is the one that input goes to. */
void console_add(struct console_channel *channel, const char *name);

/* The channel will not be used any more. */
void console_remove(struct console_channel *channel);

/* From here the console is the one channel's alone. `text`, a nonce, has at most
 * CONSOLE_NONCE_MAX letters or digits; more are cut. */
void console_own(const char *text);

/* Only for panic: whoever holds the lock may never release it. */
void console_break_lock(void);

/* How many bytes console_input would take now; what is for nobody is taken and dropped. */
size_t console_input_room(void);

/* Bytes from outside, for the channel that has the input: what does not fit is dropped. Returns
 * that channel, NULL where there is none: its front should be told. */
struct console_channel *console_input(const char *bytes, size_t count);

#endif
