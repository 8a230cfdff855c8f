/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may give orders while the machine runs, and when they are carried out: a person at the
 * console (boot argument `monitor`), a program at the port org.understudy.control (`control`).
 *
 * All of it belongs to one hart, in its run loop, outside of any exit and with no lock held. What
 * comes in only wakes it.
 */
#ifndef MONITOR_MONITOR_H
#define MONITOR_MONITOR_H

#include "console/console.h"
#include "vcpu/vcpu.h"

#include <stdbool.h>

/* Reads the boot arguments, and lets in who is named there. True where somebody is: the machine
 * must stay on then. On the hart whose interrupts devices have, and whose home that is, before it
 * runs its first vCPU. */
bool monitor_start(struct vcpu_home *home);

/* Something may have come to the control port. On that hart. */
void monitor_wake(void);

/* True where the channel, which got input, is the monitor's own; then it is awake. */
bool monitor_hears(const struct console_channel *channel);

/* Carries out what was ordered meanwhile: a few orders at a time. True where it should be called
 * again soon, though nobody may wake it. For struct hart's `work`. */
bool monitor_work(void);

/* An order that comes another way, in words: carried out at once, and its answer, as text, handed
 * to `say` in pieces; it is not waited for what other harts do. On that hart; `words` is cut up. */
void monitor_order(char *words, void (*say)(const char *text, size_t count));

#endif
