/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can this hart do? Asked by trying.
 */
#ifndef BOOT_PROBE_H
#define BOOT_PROBE_H

/* Fills caps by recoverable accesses to CSRs, and from the firmware. Translation is off. Without
 * the H extension all that depends on it stays false. */
void probe_caps(void);

/* Prints caps as a table. */
void probe_print(void);

#endif
