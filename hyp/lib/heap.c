/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A treap (Aragon, Seidel, 1989): a search tree by key, left before right, and at the same time a
 * heap by rank, the lowest at the root. With ranks as if by chance a branch has some log2(n)
 * nodes. Both ends are at hand: who queues up behind all others, or leaves as the first, passes
 * two or three nodes, however many there are.
 *
 * `above` of a heap is a node of rank 0 with the root to its right, so that each node has one
 * above.
 */
#include "lib/heap.h"

/* Multiples of the golden ratio lie evenly, whichever stretch of them is in the heap. (Knuth, The
 * Art of Computer Programming, 6.4.) */
#define GOLDEN 0x9e3779b1U

/* What comes later stands behind what has an equal key. */
static bool is_before(const struct heap_node *newer, const struct heap_node *older)
{
    return (int64_t)(newer->key - older->key) < 0;
}

/* `below`, which may be NULL, stands at `place` of `above`. */
static void put(struct heap_node **place, struct heap_node *above, struct heap_node *below)
{
    *place = below;
    if (below)
        below->parent = above;
}

/* Behind all others: up the right edge, past those of higher rank, which come below it. */
static inline void append(struct heap *heap, struct heap_node *node)
{
    struct heap_node *above = heap->last, *below = NULL;

    while (above->rank > node->rank) {
        below = above;
        above = above->parent;
    }
    node->right = NULL;
    put(&node->left, node, below);
    put(&above->right, above, node);
    heap->last = node;
}

/* Those below `at` come below `node`, on their sides of it. */
static void split(struct heap_node *at, struct heap_node *node)
{
    struct heap_node **low = &node->left, **high = &node->right;
    struct heap_node *low_parent = node, *high_parent = node;

    while (at) {
        if (is_before(node, at)) {
            put(high, high_parent, at);
            high_parent = at;
            high = &at->left;
            at = *high;
        } else {
            put(low, low_parent, at);
            low_parent = at;
            low = &at->right;
            at = *low;
        }
    }
    *low = *high = NULL;
}

/* Before others: down from the root, past those of lower rank. Not inlined, so that appending needs
 * no stack. */
static __attribute__((noinline)) void insert(struct heap *heap, struct heap_node *node)
{
    struct heap_node *parent = &heap->above, **place = &parent->right, *below;

    while (*place && (*place)->rank <= node->rank) {
        parent = *place;
        place = is_before(node, parent) ? &parent->left : &parent->right;
    }
    below = *place;
    put(place, parent, node);
    split(below, node);
    if (is_before(node, heap->first))
        heap->first = node;
}

/* The only one. */
static void insert_alone(struct heap *heap, struct heap_node *node)
{
    node->left = node->right = NULL;
    put(&heap->above.right, &heap->above, node);
    heap->first = heap->last = node;
}

void heap_insert(struct heap *heap, struct heap_node *node, uint64_t key)
{
    node->key = key;
    if (!node->rank)
        node->rank = (heap->last_rank += GOLDEN) | 1;
    if (!heap->last)
        insert_alone(heap, node);
    else if (is_before(node, heap->last))
        insert(heap, node);
    else
        append(heap, node);
}

/* Two that stood to the left and right of one node come below `parent`, at `place`. */
static void join(struct heap_node **place, struct heap_node *parent, struct heap_node *left,
                 struct heap_node *right)
{
    while (left && right) {
        if (left->rank <= right->rank) {
            put(place, parent, left);
            parent = left;
            place = &left->right;
            left = *place;
        } else {
            put(place, parent, right);
            parent = right;
            place = &right->left;
            right = *place;
        }
    }
    put(place, parent, left ? left : right);
}

/* Of some nodes the one behind the first; NULL where that is the only one. */
static struct heap_node *second(const struct heap *heap)
{
    struct heap_node *node = heap->first->right;

    if (!node)
        return heap->first == heap->last ? NULL : heap->first->parent;
    while (node->left)
        node = node->left;
    return node;
}

static struct heap_node *last_but_one(const struct heap *heap)
{
    struct heap_node *node = heap->last->left;

    if (!node)
        return heap->last->parent == &heap->above ? NULL : heap->last->parent;
    while (node->right)
        node = node->right;
    return node;
}

struct heap_node *heap_take(struct heap *heap)
{
    struct heap_node *first = heap->first, *above = first->parent;

    heap->first = second(heap);
    if (!heap->first)
        heap->last = NULL;
    put(above == &heap->above ? &above->right : &above->left, above, first->right);
    first->parent = NULL;
    return first;
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    struct heap_node *above = node->parent;

    if (!heap_contains(node))
        return;
    if (node == heap->last)
        heap->last = last_but_one(heap);
    if (node == heap->first)
        heap->first = heap->last ? second(heap) : NULL;
    join(above->left == node ? &above->left : &above->right, above, node->left, node->right);
    node->parent = NULL;
}
