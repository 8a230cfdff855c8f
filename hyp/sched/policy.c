/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The policies that there are.
 */
#include "sched/policy.h"

#include "lib/bits.h"
#include "lib/string.h"

static const struct policy *const policies[] = {&fair_policy, &round_robin_policy};

const struct policy *policy_find(const char *name, size_t length)
{
    for (unsigned i = 0; i < ARRAY_SIZE(policies); i++) {
        if (strlen(policies[i]->name) == length && memcmp(policies[i]->name, name, length) == 0)
            return policies[i];
    }
    return NULL;
}
