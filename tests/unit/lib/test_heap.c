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
    return a->order < b->order;
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

/* Counts the nodes below, and checks what is true of each. */
static unsigned check_below(const struct heap_node *node, const struct heap_node *parent)
{
    uint32_t left, right;

    if (!node)
        return 0;
    left = node->left ? node->left->rank : 0;
    right = node->right ? node->right->rank : 0;
    assert_ptr_equal(node->parent, parent);
    assert_true(!parent || is_less(parent, node));
    assert_true(left >= right);
    assert_int_equal(node->rank, right + 1);
    return 1 + check_below(node->left, node) + check_below(node->right, node);
}

static void check_all(void)
{
    assert_ptr_equal(heap_first(&heap), least());
    assert_int_equal(heap_is_empty(&heap), present == 0);
    assert_int_equal(check_below(heap.root, NULL), present);
}

static void insert(struct heap_node *node, uint64_t key)
{
    heap_insert(&heap, node, key);
    present++;
}

static void remove_node(struct heap_node *node)
{
    present -= heap_contains(node);
    heap_remove(&heap, node);
    assert_false(heap_contains(node));
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
        remove_node(&nodes[i]);
    }
    check_all();
}

static void random_steps(uint64_t base, uint64_t span)
{
    for (unsigned step = 0; step < STEPS; step++) {
        struct heap_node *node = &nodes[(unsigned)random() % NODES];

        if (heap_contains(node))
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
    heap.next_order = UINT32_MAX - 2;
    equal_keys_come_out_as_they_went_in(state);
}

/* A right edge is short, whatever came before: 2^rank - 1 nodes stand at least below. */
static void the_first_ones_rank_is_a_logarithm(void **state)
{
    (void)state;
    for (unsigned i = 0; i < NODES; i++)
        insert(&nodes[i], i % 2 ? i : NODES - i);
    assert_in_range(heap_first(&heap)->rank, 1, 8);
    for (unsigned step = 0; step < STEPS; step++) {
        struct heap_node *first = heap_first(&heap);
        uint64_t key = first->key + 1 + (uint64_t)random() % 1000;

        remove_node(first);
        insert(first, key);
        assert_in_range(heap_first(&heap)->rank, 1, 8);
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
        HEAP_TEST(the_first_ones_rank_is_a_logarithm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
