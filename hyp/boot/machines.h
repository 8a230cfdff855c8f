/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the bundle to running VMs.
 */
#ifndef BOOT_MACHINES_H
#define BOOT_MACHINES_H

#include <stddef.h>

/* Builds every VM of the bundle and gives its vCPUs homes. One that is refused gets a line with
 * the reason; the others are built. All harts are up. */
void machines_create(void);

/* Starts those that start by themselves. Without any, the machine is turned off. */
void machines_start(void);

/* Bytes that came to the console. */
void machines_input(const char *bytes, size_t count);

#endif
