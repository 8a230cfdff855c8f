/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The policies that there are, and what they share.
 */
#include "sched/policy.h"

#include "lib/bits.h"
#include "lib/string.h"

static const struct policy *const policies[] = {&fair_policy, &round_robin_policy};

struct vcpu_turn *policy_first(const struct policy_queue *queue)
{
    struct heap_node *node = heap_first(&queue->heap);

    return node ? ELEMENT_OF(node, struct vcpu_turn, node) : NULL;
}

void policy_remove(struct policy_queue *queue, struct vcpu_turn *turn)
{
    heap_remove(&queue->heap, &turn->node);
}

const struct policy *policy_find(const char *name, size_t length)
{
    for (unsigned i = 0; i < ARRAY_SIZE(policies); i++) {
        if (strlen(policies[i]->name) == length && memcmp(policies[i]->name, name, length) == 0)
            return policies[i];
    }
    return NULL;
}
