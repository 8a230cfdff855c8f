/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The heap against a plain array, through random insertions and removals; its shape; its cost.
 */
#include "lib/heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define NODES 500
#define STEPS 40000

static struct heap heap;
static struct heap_node nodes[NODES];
static unsigned long orders[NODES], last_order; /* of their coming */
static unsigned present;

static int setup(void **state)
{
    (void)state;
    srandom(1);
    heap = (struct heap){0};
    for (unsigned i = 0; i < NODES; i++)
        nodes[i] = (struct heap_node){0};
    present = 0;
    return 0;
}

static bool is_less(const struct heap_node *a, const struct heap_node *b)
{
    if (a->key != b->key)
        return (int64_t)(a->key - b->key) < 0;
    return orders[a - nodes] < orders[b - nodes];
}

static struct heap_node *least(void)
{
    struct heap_node *found = NULL;

    for (unsigned i = 0; i < NODES; i++) {
        if (heap_contains(&nodes[i]) && (!found || is_less(&nodes[i], found)))
            found = &nodes[i];
    }
    return found;
}

/* Counts the nodes below, and checks what is true of each: they lie between `low` and `high`. */
static unsigned check_below(const struct heap_node *node, const struct heap_node *parent,
                            const struct heap_node *low, const struct heap_node *high)
{
    if (!node)
        return 0;
    assert_ptr_equal(node->parent, parent);
    assert_true(node->rank >= parent->rank);
    assert_true(!low || is_less(low, node));
    assert_true(!high || is_less(node, high));
    return 1 + check_below(node->left, node, low, node) +
           check_below(node->right, node, node, high);
}

/* Nodes on the longest way from here to a leaf. */
static unsigned depth(const struct heap_node *node)
{
    unsigned left, right;

    if (!node)
        return 0;
    left = depth(node->left);
    right = depth(node->right);
    return 1 + (left > right ? left : right);
}

static struct heap_node *greatest(void)
{
    struct heap_node *node = heap.above.right;

    while (node && node->right)
        node = node->right;
    return node;
}

static void check_all(void)
{
    assert_ptr_equal(heap_first(&heap), least());
    assert_int_equal(heap_is_empty(&heap), present == 0);
    assert_ptr_equal(heap.last, greatest());
    assert_int_equal(check_below(heap.above.right, &heap.above, NULL, NULL), present);
}

static void insert(struct heap_node *node, uint64_t key)
{
    orders[node - nodes] = ++last_order;
    heap_insert(&heap, node, key);
    present++;
}

static void remove_node(struct heap_node *node)
{
    present -= heap_contains(node);
    heap_remove(&heap, node);
    assert_false(heap_contains(node));
}

static void take(void)
{
    struct heap_node *first = heap_first(&heap);

    assert_ptr_equal(heap_take(&heap), first);
    assert_false(heap_contains(first));
    present--;
}

static void an_empty_one_has_no_first(void **state)
{
    (void)state;
    check_all();
    assert_null(heap_first(&heap));
    remove_node(&nodes[0]);
    check_all();
}

static void equal_keys_come_out_as_they_went_in(void **state)
{
    (void)state;
    for (unsigned i = 0; i < NODES; i++)
        insert(&nodes[i], 7);
    for (unsigned i = 0; i < NODES; i++) {
        assert_ptr_equal(heap_first(&heap), &nodes[i]);
        take();
    }
    check_all();
}

static void random_steps(uint64_t base, uint64_t span)
{
    for (unsigned step = 0; step < STEPS; step++) {
        struct heap_node *node = &nodes[(unsigned)random() % NODES];

        if (step % 3 == 0 && present > 0)
            take();
        else if (heap_contains(node))
            remove_node(node);
        else
            insert(node, base + (uint64_t)random() % span);
        if (step % 64 == 0)
            check_all();
        else
            assert_int_equal(heap_is_empty(&heap), present == 0);
    }
    while (present > 0) {
        assert_ptr_equal(heap_first(&heap), least());
        remove_node(heap_first(&heap));
    }
    check_all();
}

static void any_node_can_go(void **state)
{
    (void)state;
    random_steps(0, 1000000);
}

static void many_keys_are_equal(void **state)
{
    (void)state;
    random_steps(0, 5);
}

static void keys_may_wrap(void **state)
{
    (void)state;
    random_steps(UINT64_MAX - 500, 1000);
}

/* 500 nodes would fill 9 levels. */
static void branches_are_short(void **state)
{
    const uint64_t spans[] = {1, 2, 50, 1000, 1000000};

    (void)state;
    for (unsigned i = 0; i < NODES; i++)
        insert(&nodes[i], i % 2 ? i : NODES - i);
    assert_in_range(depth(heap.above.right), 9, 30);
    for (unsigned step = 0; step < STEPS; step++) {
        struct heap_node *first = heap_first(&heap);
        uint64_t key = first->key + 1 + (uint64_t)random() % spans[step * 5 / STEPS];

        remove_node(first);
        insert(first, key);
        if (step % 100 == 0)
            assert_in_range(depth(heap.above.right), 9, 30);
    }
    check_all();
}

#define HEAP_TEST(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HEAP_TEST(an_empty_one_has_no_first),
        HEAP_TEST(equal_keys_come_out_as_they_went_in),
        HEAP_TEST(any_node_can_go),
        HEAP_TEST(many_keys_are_equal),
        HEAP_TEST(keys_may_wrap),
        HEAP_TEST(branches_are_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
