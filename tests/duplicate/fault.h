/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Catching a fault: the act runs, and a signal that it raises ends it and is printed, with
 * addresses as offsets from places that have a name.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdint.h>

/* Addresses from `base` up to `size` bytes are printed as "name+0x...", from now on. */
void fault_place(const char *name, const void *base, uint64_t size);

/*
 * Runs act(argument). Prints "label: no signal, result", or "label: SIGNAL code N at ADDRESS, pc
 * ADDRESS", where N is si_code and ADDRESS is in a place, or the act's own code ("act+0x...").
 */
void fault_try(const char *label, uint64_t (*act)(uint64_t), uint64_t argument);

#endif
