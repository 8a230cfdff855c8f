/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console multiplexer: several speakers, one line to the outside. Each VM has a channel, and
 * the monitor has one.
 *
 * Shared, the channels' output comes line by line, each line behind its VM's name, never mixed.
 * Owned by one VM (console_own), its bytes pass unchanged in both directions; the hypervisor's
 * own lines end before the marker line `understudy-NONCE begin`, and come again only after the
 * marker `understudy-NONCE end`.
 * Switched (console_switch), the outside sees and types into one channel at a time; Ctrl-] and a
 * key choose which. The hypervisor's own lines are the monitor's. Each channel keeps the newest
 * of its output; what came while it was not seen is shown when it is chosen.
 */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include "console/channel.h"

#define CONSOLE_NONCE_MAX 32

/* Before any other call: where all bytes go. `out` is called with the console's lock held. */
void console_init(void (*out)(const char *bytes, size_t count));

/* A sink for lib/print.c: the hypervisor's own text. */
void console_print(const char *text, size_t length);

/* `name` stays. Until the console is switched, the first channel gets the input. */
void console_add(struct console_channel *channel, const char *name);

/* The channel will not be used any more. */
void console_remove(struct console_channel *channel);

/* From here the console is the one channel's alone. `text`, a nonce, has at most
 * CONSOLE_NONCE_MAX letters or digits; more are cut. */
void console_own(const char *text);

/* From here the console is switched; `channel` is the monitor's, and is seen. */
void console_switch(struct console_channel *channel);

/* Shows the channel. Switched only. */
void console_show(struct console_channel *channel);

/* The line that the monitor's user types, below whatever else it shows: `cursor` characters of
 * it are before the cursor. At most CONSOLE_LINE_MAX of them are shown. Switched only. */
void console_prompt(const char *text, size_t length, size_t cursor);

/* What the channel has said, of its newest bytes: as ring_get. */
size_t console_get(struct console_channel *channel, uint64_t *position, void *bytes, size_t size);

/* Only for panic: whoever holds the lock may never release it. */
void console_break_lock(void);

/* How many bytes console_input would take now; what is for nobody is taken and dropped. */
size_t console_input_room(void);

/*
 * Bytes from outside, for the channel that has the input: what does not fit is dropped. Takes at
 * most *count of them, less where the input changes its channel, and says in *count how many.
 * Returns the channel that got some, or NULL: its front should be told.
 */
struct console_channel *console_input(const char *bytes, size_t *count);

/* Bytes from outside for the one channel; returns how many fit. */
size_t console_type(struct console_channel *channel, const char *bytes, size_t count);

#endif
