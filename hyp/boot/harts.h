/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The harts of the machine, each with a block of its own.
 */
#ifndef BOOT_HARTS_H
#define BOOT_HARTS_H

#include "sched/hart.h"

/* The hart that the firmware started first; start.S points tp to it. */
extern struct hart boot_hart;

/* Starts every hart of the device tree through SBI HSM and waits until each stands in
 * main_secondary; one that does not come is left out with a line. */
void harts_start(void);

/* Called by a started hart when it is ready: returns when harts_release was called. */
void harts_report(struct hart *hart);
void harts_release(void);

#endif
