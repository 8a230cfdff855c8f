/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Heaps whose nodes stand inside the elements: the least key is at hand, and inserting and
 * removing any node take steps in the logarithm of how many there are; a few steps at the ends.
 */
#ifndef LIB_HEAP_H
#define LIB_HEAP_H

#include "lib/element.h"

#include <stdbool.h>
#include <stdint.h>

/* Start state: all zero, in no heap. */
struct heap_node {
    struct heap_node *parent; /* NULL: it is in no heap */
    struct heap_node *left, *right;
    uint64_t key;
    uint32_t rank; /* given when it is first inserted, for good; 0: none yet */
};

/* Start state: all zero, empty. */
struct heap {
    struct heap_node above; /* the root is to its right */
    struct heap_node *first, *last;
    uint32_t last_rank; /* that was given here */
};

static inline bool heap_is_empty(const struct heap *heap)
{
    return !heap->first;
}

/* The node of the least key; of equal keys the one inserted first. NULL where there is none. */
static inline struct heap_node *heap_first(const struct heap *heap)
{
    return heap->first;
}

/* True where the node is in a heap. */
static inline bool heap_contains(const struct heap_node *node)
{
    return node->parent;
}

/* The node is in no heap. Keys may wrap: all in one heap lie within 2^63 of each other. */
void heap_insert(struct heap *heap, struct heap_node *node, uint64_t key);

/* The heap is not empty: removes its first node, and returns it. */
struct heap_node *heap_take(struct heap *heap);

/* The node is in this heap, or in none. */
void heap_remove(struct heap *heap, struct heap_node *node);

#endif
