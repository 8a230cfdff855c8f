/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The leftist heap (Crane, 1972; Knuth, The Art of Computer Programming, 5.2.3): a right edge has
 * at most log2(n + 1) nodes, and all is done along right edges.
 */
#include "lib/heap.h"

static bool is_before(const struct heap_node *a, const struct heap_node *b)
{
    if (a->key != b->key)
        return (int64_t)(a->key - b->key) < 0;
    return (int32_t)(a->order - b->order) < 0;
}

static uint32_t rank_of(const struct heap_node *node)
{
    return node ? node->rank : 0;
}

/* The lower rank to the right. True where the node's own rank changed. */
static bool settle(struct heap_node *node)
{
    struct heap_node *right = node->right;
    uint32_t before = node->rank;

    if (rank_of(node->left) < rank_of(right)) {
        node->right = node->left;
        node->left = right;
    }
    node->rank = rank_of(node->right) + 1;
    return node->rank != before;
}

static void link_right(struct heap_node *parent, struct heap_node *node)
{
    if (node)
        node->parent = parent;
    if (parent)
        parent->right = node;
}

/* Two heaps become one: their right edges are woven into one, then settled from below. */
static struct heap_node *merge(struct heap_node *a, struct heap_node *b)
{
    struct heap_node *root = !a || (b && is_before(b, a)) ? b : a;
    struct heap_node *last = NULL;

    while (a && b) {
        if (is_before(b, a)) {
            struct heap_node *other = a;

            a = b;
            b = other;
        }
        link_right(last, a);
        last = a;
        a = a->right;
    }
    link_right(last, a ? a : b);
    for (; last; last = last->parent)
        settle(last);
    return root;
}

void heap_insert(struct heap *heap, struct heap_node *node, uint64_t key)
{
    *node = (struct heap_node){.key = key, .order = heap->next_order++, .rank = 1};
    heap->root = merge(heap->root, node);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    struct heap_node *parent = node->parent, *rest;

    if (!heap_contains(node))
        return;
    rest = merge(node->left, node->right);
    if (rest)
        rest->parent = parent;
    if (!parent)
        heap->root = rest;
    else if (parent->left == node)
        parent->left = rest;
    else
        parent->right = rest;
    node->rank = 0;
    while (parent && settle(parent))
        parent = parent->parent;
}
