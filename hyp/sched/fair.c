/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fair shares by virtual time: a vCPU's clock runs while it has the hart, the slower the larger its
 * weight, and the one that is furthest behind is next. In the long run each that always wants the
 * hart has its weight's part of it. (Demers, Keshav, Shenker, 1989; Nieh, Vaill, Zhong, 2001.)
 *
 * `clock` of a queue is the least virtual time of those that run or wait there; it never goes back.
 * Who was away, asleep or elsewhere, is set near it: time that it did not ask for is no credit.
 */
#include "sched/policy.h"

#include "lib/bits.h"

#define SCALE     100000UL /* virtual units in a tick of weight 1 */
#define TICKS_MAX BIT(40)  /* of one turn, alone on its hart: more makes no difference */

/* How far behind its hart's clock a vCPU may begin to wait, and how far ahead, in slices of its
 * own. A sleeper is at most a slice behind: it is next when it wakes, and cannot keep the hart. Who
 * was held back by a cap is at most half a slice behind: it comes before those that are busy, but
 * not before sleepers. From elsewhere a vCPU brings more: what it was owed there must not be lost
 * (sched/balance.c). */
#define BEHIND_WOKEN   1
#define BEHIND_ARRIVED 8
#define AHEAD          2

/* How far ahead another hart must be, in slices of the vCPU that then moves there. */
#define AHEAD_MOVES 2

static uint64_t virtual_ticks(const struct vcpu_turn *turn, uint64_t ticks)
{
    return min_u64(ticks, TICKS_MAX) * SCALE / turn->weight;
}

/* Virtual times wrap; what is compared lies close together. */
static bool is_before(uint64_t a, uint64_t b)
{
    return (int64_t)(a - b) < 0;
}

/* `time`, or the end of its range about the queue's clock that is nearer. */
static uint64_t near_clock(const struct policy_queue *queue, const struct vcpu_turn *turn,
                           uint64_t time, uint64_t behind)
{
    uint64_t low = queue->clock - behind;
    uint64_t high = queue->clock + AHEAD * virtual_ticks(turn, queue->slice);

    if (is_before(time, low))
        return low;
    return is_before(high, time) ? high : time;
}

/* What a vCPU brings from another hart is said on a clock of all harts, which this one's queue is
 * `offset` behind; where the two have gone too far apart, the offset gives way. */
static void arrive(struct policy_queue *queue, struct vcpu_turn *turn)
{
    uint64_t common = turn->virtual_time;
    uint64_t behind = BEHIND_ARRIVED * virtual_ticks(turn, queue->slice);

    turn->virtual_time = near_clock(queue, turn, common - queue->offset, behind);
    queue->offset = common - turn->virtual_time;
}

static void come_back(struct policy_queue *queue, struct vcpu_turn *turn, enum policy_why why)
{
    uint64_t time = turn->virtual_time, slice = virtual_ticks(turn, queue->slice);

    if (why == POLICY_ARRIVED)
        arrive(queue, turn);
    else
        turn->virtual_time =
            near_clock(queue, turn, time, why == POLICY_WOKEN ? BEHIND_WOKEN * slice : slice / 2);
}

static void add(struct policy_queue *queue, struct vcpu_turn *turn, enum policy_why why)
{
    if (why != POLICY_OVER)
        come_back(queue, turn, why);
    heap_insert(&queue->heap, &turn->node, turn->virtual_time);
}

static void leave(struct policy_queue *queue, struct vcpu_turn *turn)
{
    turn->virtual_time += queue->offset;
}

static void charge(struct policy_queue *queue, struct vcpu_turn *running, uint64_t ticks)
{
    const struct vcpu_turn *next = policy_first(queue);
    uint64_t least = running->virtual_time + virtual_ticks(running, ticks);

    running->virtual_time = least;
    if (next && is_before(next->virtual_time, least))
        least = next->virtual_time;
    if (is_before(queue->clock, least))
        queue->clock = least;
}

/* Next out of turn is who is not further ahead than others would be after its turn. Its clock stays
 * as it is: what it takes now it has had when its own turn would come. */
static bool hurry(struct policy_queue *queue, struct vcpu_turn *turn)
{
    uint64_t key = policy_first(queue)->node.key - 1;

    if (is_before(queue->clock + virtual_ticks(turn, queue->slice), turn->virtual_time))
        return false;
    heap_remove(&queue->heap, &turn->node);
    heap_insert(&queue->heap, &turn->node, key);
    return true;
}

static bool preempts(const struct vcpu_turn *woken, const struct vcpu_turn *running)
{
    return is_before(woken->virtual_time, running->virtual_time);
}

/* While a hart says nothing, as its only vCPU runs on, its clock goes on. It must be ahead by more
 * than what the turns of one hart make of it. */
static bool is_ahead(const struct policy_queue *queue, const struct policy_pace *there,
                     const struct vcpu_turn *turn, uint64_t now)
{
    uint64_t weight = __atomic_load_n(&there->weight, __ATOMIC_RELAXED);
    uint64_t since = __atomic_load_n(&there->since, __ATOMIC_RELAXED);
    uint64_t clock = __atomic_load_n(&there->clock, __ATOMIC_RELAXED);
    uint64_t here = queue->clock + queue->offset;

    if (weight == 0)
        return false;
    if (now > since)
        clock += min_u64(now - since, TICKS_MAX) * SCALE / weight;
    return is_before(here + AHEAD_MOVES * virtual_ticks(turn, queue->slice), clock);
}

const struct policy fair_policy = {
    .name = "fair",
    .add = add,
    .leave = leave,
    .charge = charge,
    .hurry = hurry,
    .preempts = preempts,
    .is_ahead = is_ahead,
};
