/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Orders from a person: the monitor's channel of the console, with a prompt and a line.
 */
#ifndef MONITOR_KEYBOARD_H
#define MONITOR_KEYBOARD_H

#include "monitor/command.h"
#include "monitor/giver.h"

/* From here the console is switched, and the monitor's channel is seen. */
void keyboard_start(void);

const struct console_channel *keyboard_channel(void);

/* Takes keys until a line is whole: then `order` has its arguments and *command its name. They
 * stay until the next call. */
enum giver_event keyboard_take(struct order *order, const char **command);

void keyboard_answer(const struct answer *answer);

#endif
