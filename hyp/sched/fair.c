/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fair shares by virtual time: a vCPU's clock runs while it has the hart, the slower the larger its
 * weight, and the one that is furthest behind is next. In the long run each that always wants the
 * hart has its weight's part of it. (Demers, Keshav, Shenker, 1989; Nieh, Vaill, Zhong, 2001.)
 *
 * Who was away, asleep or elsewhere, is set near the clock of its hart's queue: time that it did
 * not ask for is no credit.
 */
#include "sched/policy.h"

#define SCALE BIT(24) /* virtual units in a tick of weight 1 */

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

/* `time`, or the end of its range about the queue's clock that is nearer. */
static uint64_t near_clock(const struct policy_queue *queue, const struct vcpu_turn *turn,
                           uint64_t time, uint64_t behind)
{
    uint64_t low = queue->clock - behind;
    uint64_t high = queue->clock + AHEAD * policy_virtual(turn, queue->slice);

    if (policy_is_before(time, low))
        return low;
    return policy_is_before(high, time) ? high : time;
}

/* What a vCPU brings from another hart is said on a clock of all harts, which this one's queue is
 * `offset` behind; where the two have gone too far apart, the offset gives way. */
static void arrive(struct policy_queue *queue, struct vcpu_turn *turn)
{
    uint64_t common = turn->virtual_time;
    uint64_t behind = BEHIND_ARRIVED * policy_virtual(turn, queue->slice);

    turn->virtual_time = near_clock(queue, turn, common - queue->offset, behind);
    queue->offset = common - turn->virtual_time;
}

static void place(struct policy_queue *queue, struct vcpu_turn *turn, enum policy_why why)
{
    uint64_t time = turn->virtual_time, slice;

    turn->pace = SCALE / turn->weight;
    slice = policy_virtual(turn, queue->slice);
    if (why == POLICY_ARRIVED)
        arrive(queue, turn);
    else
        turn->virtual_time =
            near_clock(queue, turn, time, why == POLICY_WOKEN ? BEHIND_WOKEN * slice : slice / 2);
}

static void leave(struct policy_queue *queue, struct vcpu_turn *turn)
{
    turn->virtual_time += queue->offset;
}

/* Next out of turn is who is not further ahead than others would be after its turn. Its clock stays
 * as it is: what it takes now it has had when its own turn would come. */
static bool hurry(const struct policy_queue *queue, const struct vcpu_turn *turn)
{
    return !policy_is_before(queue->clock + policy_virtual(turn, queue->slice), turn->virtual_time);
}

static bool preempts(const struct vcpu_turn *woken, const struct vcpu_turn *running)
{
    return policy_is_before(woken->virtual_time, running->virtual_time);
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
        clock += min_u64(now - since, POLICY_TICKS_MAX) * SCALE / weight;
    return policy_is_before(here + AHEAD_MOVES * policy_virtual(turn, queue->slice), clock);
}

const struct policy fair_policy = {
    .name = "fair",
    .place = place,
    .leave = leave,
    .hurry = hurry,
    .preempts = preempts,
    .is_ahead = is_ahead,
};
