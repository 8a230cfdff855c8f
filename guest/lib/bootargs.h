/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boot arguments: /chosen/bootargs of the device tree that the boot hart was given.
 * Devicetree Specification 3.6 (/chosen node), 5 (Flattened Devicetree Format).
 */
#ifndef LIB_BOOTARGS_H
#define LIB_BOOTARGS_H

#include <stddef.h>
#include <stdint.h>

/* Set by harts.c: the tree, and how long it is. */
extern const void *bootargs_tree;
uint32_t bootargs_tree_size(void);

/* The value of the word KEY=VALUE, cut to fit; "" where there is none. Returns `value`. */
const char *bootargs_get(const char *key, char *value, size_t size);

/* The same as a decimal number; `otherwise` where it is none. */
uint64_t bootargs_number(const char *key, uint64_t otherwise);

#endif
