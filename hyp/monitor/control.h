/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Orders from a program: one JSON object a line at the port org.understudy.control, one line for
 * each as answer, in their order (docs/MONITOR.md):
 *
 *   {"id":1,"command":"pause","args":["linux"]}    {"id":1,"ok":true,"result":{"vm":"linux"}}
 *   nonsense                                       {"id":null,"ok":false,"error":"not a JSON ..."}
 */
#ifndef MONITOR_CONTROL_H
#define MONITOR_CONTROL_H

#include "monitor/command.h"
#include "monitor/giver.h"

#define CONTROL_PORT     "org.understudy.control"
#define CONTROL_LINE_MAX 4095 /* bytes, without the line end */

/* Nothing was read yet. */
void control_start(void);

/* Reads the port up to the end of a line: then `order` has its arguments and *command its name,
 * which stay until the next call; or the answer is refused, as the line is no request. */
enum giver_event control_take(struct order *order, const char **command);

void control_answer(const struct answer *answer);

#endif
