/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Round robin: everybody in turn, whatever the weight. The example of a policy, to start from; it
 * runs with `sched=round-robin` among our boot arguments.
 */
#include "sched/policy.h"

/* All virtual times stay 0, at a pace of 0, so the order is that of their coming. */
static void place(struct policy_queue *queue, struct vcpu_turn *turn, enum policy_why why)
{
    (void)queue;
    (void)turn;
    (void)why;
}

static void leave(struct policy_queue *queue, struct vcpu_turn *turn)
{
    (void)queue;
    (void)turn;
}

static bool preempts(const struct vcpu_turn *woken, const struct vcpu_turn *running)
{
    (void)woken;
    (void)running;
    return false;
}

static bool hurry(const struct policy_queue *queue, const struct vcpu_turn *turn)
{
    return policy_first(queue) == turn;
}

static bool is_ahead(const struct policy_queue *queue, const struct policy_pace *there,
                     const struct vcpu_turn *turn, uint64_t now)
{
    (void)queue;
    (void)there;
    (void)turn;
    (void)now;
    return false;
}

const struct policy round_robin_policy = {
    .name = "round-robin",
    .place = place,
    .leave = leave,
    .hurry = hurry,
    .preempts = preempts,
    .is_ahead = is_ahead,
};
