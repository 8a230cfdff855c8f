/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading the board's device tree: the few questions that platform.c and the drivers ask.
 */
#ifndef PLATFORM_TREE_H
#define PLATFORM_TREE_H

#include "platform.h"

/* The n-th range of `node`'s reg property, by the cells of `parent`, which is the node's. False
 * where there is none. (libfdt finds a parent by walking the tree from its beginning.) */
bool tree_reg(const void *fdt, int parent, int node, unsigned n, struct platform_range *range);

/* A 32-bit property; `otherwise` where it is absent. */
uint32_t tree_u32(const void *fdt, int node, const char *name, uint32_t otherwise);

/* A property of one or two cells; `otherwise` where it is absent. */
uint64_t tree_number(const void *fdt, int node, const char *name, uint64_t otherwise);

/* True where the node's status is absent, "okay" or "ok". */
bool tree_is_okay(const void *fdt, int node);

/* The node that /chosen stdout-path names; negative where it names none. */
int tree_stdout(const void *fdt);

/* True where the node's isa lists H, by the new property or the old. */
bool tree_lists_h(const void *fdt, int node);

/* The node of the processor with this hartid; negative where there is none. */
int tree_cpu(const void *fdt, uint64_t hartid);

#endif
