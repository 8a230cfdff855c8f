/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing a device tree from top to bottom (Devicetree Specification 0.4, chapter 5). An error
 * sticks: what follows it does nothing, and tree_close tells.
 */
#ifndef VM_TREE_H
#define VM_TREE_H

#include <stddef.h>
#include <stdint.h>

struct tree {
    void *blob;
    int err; /* libfdt's */
};

/* Begins a tree, without a root yet, in `buffer`, which is a multiple of 8. */
void tree_open(struct tree *tree, void *buffer, size_t size);

/* The size of the finished tree, or ERR_NO_MEMORY where the buffer was too small. */
int tree_close(struct tree *tree);

/* All properties of a node come before its children. The root's name is "". */
void tree_begin_node(struct tree *tree, const char *name);
void tree_end_node(struct tree *tree);

/* `size` bytes as they are; also a list of strings, which in C stand as "one\0two". */
void tree_put_bytes(struct tree *tree, const char *name, const void *bytes, size_t size);
void tree_put_string(struct tree *tree, const char *name, const char *text);
void tree_put_flag(struct tree *tree, const char *name);
void tree_put_u32(struct tree *tree, const char *name, uint32_t value);
void tree_put_u64(struct tree *tree, const char *name, uint64_t value);

/* "reg" with two cells each for base and size. */
void tree_put_reg(struct tree *tree, uint64_t base, uint64_t size);

/* What the children's "reg" is made of. */
void tree_put_cell_counts(struct tree *tree, uint32_t address_cells, uint32_t size_cells);

/* A property of `count` cells, to be set one by one before the next call; NULL after an error. */
void *tree_put_array(struct tree *tree, const char *name, unsigned count);
void tree_set_cell(void *array, unsigned index, uint32_t value);

#endif
