/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A treap (Aragon, Seidel, 1989): a search tree by key, left before right, and at the same time a
 * heap by rank, the highest at the root. With ranks as if by chance a branch has some log2(n)
 * nodes. Both ends are at hand: who queues up behind all others, or leaves as the first, passes
 * two or three nodes, however many there are.
 */
#include "lib/heap.h"

/* Multiples of the golden ratio lie evenly, whichever stretch of them is in the heap. (Knuth, The
 * Art of Computer Programming, 6.4.) */
#define GOLDEN 0x9e3779b1U

static uint32_t rank(const struct heap_node *node)
{
    return (uint32_t)node->order * GOLDEN;
}

static bool is_before(const struct heap_node *a, const struct heap_node *b)
{
    if (a->key != b->key)
        return (int64_t)(a->key - b->key) < 0;
    return a->order < b->order;
}

/* `below`, which may be NULL, stands at `place` of `above`. */
static void put(struct heap_node **place, struct heap_node *above, struct heap_node *below)
{
    *place = below;
    if (below)
        below->parent = above;
}

/* Behind all others: up the right edge, past those of lower rank, which come below it. */
static void append(struct heap *heap, struct heap_node *node)
{
    struct heap_node *above = heap->last, *below = NULL;

    while (above && rank(above) < rank(node)) {
        below = above;
        above = above->parent;
    }
    put(&node->left, node, below);
    put(above ? &above->right : &heap->root, above, node);
    heap->last = node;
    if (!heap->first)
        heap->first = node;
}

/* Those below `at` come below `node`, on their sides of it. */
static void split(struct heap_node *at, struct heap_node *node)
{
    struct heap_node **low = &node->left, **high = &node->right;
    struct heap_node *low_parent = node, *high_parent = node;

    while (at) {
        if (is_before(at, node)) {
            put(low, low_parent, at);
            low_parent = at;
            low = &at->right;
            at = *low;
        } else {
            put(high, high_parent, at);
            high_parent = at;
            high = &at->left;
            at = *high;
        }
    }
    *low = *high = NULL;
}

/* Before others: down from the root, past those of higher rank. */
static void insert(struct heap *heap, struct heap_node *node)
{
    struct heap_node *parent = NULL, **place = &heap->root, *below;

    while (*place && rank(*place) >= rank(node)) {
        parent = *place;
        place = is_before(node, parent) ? &parent->left : &parent->right;
    }
    below = *place;
    put(place, parent, node);
    split(below, node);
    if (is_before(node, heap->first))
        heap->first = node;
}

void heap_insert(struct heap *heap, struct heap_node *node, uint64_t key)
{
    node->key = key;
    node->order = ++heap->last_order;
    node->left = node->right = NULL;
    if (!heap->last || is_before(heap->last, node))
        append(heap, node);
    else
        insert(heap, node);
}

/* Two that stood to the left and right of one node come below `parent`, at `place`. */
static void join(struct heap_node **place, struct heap_node *parent, struct heap_node *left,
                 struct heap_node *right)
{
    while (left && right) {
        if (rank(left) >= rank(right)) {
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

/* The one behind the first, and before the last. */
static struct heap_node *second(const struct heap_node *first)
{
    struct heap_node *node = first->right;

    if (!node)
        return first->parent;
    while (node->left)
        node = node->left;
    return node;
}

static struct heap_node *last_but_one(const struct heap_node *last)
{
    struct heap_node *node = last->left;

    if (!node)
        return last->parent;
    while (node->right)
        node = node->right;
    return node;
}

static struct heap_node **place_of(struct heap *heap, const struct heap_node *node)
{
    struct heap_node *parent = node->parent;

    if (!parent)
        return &heap->root;
    return parent->left == node ? &parent->left : &parent->right;
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    if (!heap_contains(node))
        return;
    if (node == heap->first)
        heap->first = second(node);
    if (node == heap->last)
        heap->last = last_but_one(node);
    join(place_of(heap, node), node->parent, node->left, node->right);
    node->order = 0;
}
