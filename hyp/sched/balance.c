/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who gives to whom. Called by queue.c, which does the moving.
 *
 * An idle hart sets is_idle and then looks who has more than one; a busy hart writes its count and
 * then looks who is idle. So one of the two sees the other. Whoever turns is_idle off has made up
 * its mind: the hart itself, which found work, or one that sends it some.
 */
#include "sched/balance.h"

#include "lib/err.h"
#include "vcpu/kick.h"

#define PERIOD 4 /* slices between two looks at who is ahead */

static struct hart *first_hart; /* the last one that joined; then its `next`. Fixed after boot */
unsigned balance_hart_count;
static unsigned idle_count; /* atomic: harts whose is_idle is set, or about to be */

void balance_join(struct hart *hart)
{
    hart->next = first_hart;
    first_hart = hart;
    balance_hart_count++;
}

struct hart *balance_harts(void)
{
    return first_hart;
}

static bool may_run_on(const struct vm *vm, const struct hart *hart)
{
    uint64_t affinity = vm->config.affinity;

    return affinity == VM_AFFINITY_ANY || (hart->index < 64 && (affinity & BIT(hart->index)));
}

/* The next hart after `hart`, in a ring, that the VM may run on; or NULL. */
static struct hart *next_home(const struct vm *vm, const struct hart *hart)
{
    for (unsigned i = 0; i < balance_hart_count; i++) {
        hart = hart && hart->next ? hart->next : first_hart;
        if (may_run_on(vm, hart))
            return (struct hart *)hart;
    }
    return NULL;
}

int balance_place(struct vm *vm, struct refusal *refusal)
{
    static struct hart *last; /* VMs are placed one at a time: life/life.h */

    for (uint32_t i = 0; i < vm->vcpu_count; i++) {
        struct hart *hart = next_home(vm, last);

        if (!hart)
            return refusal_set(refusal, ERR_RANGE, "affinity names none of the %u harts",
                               balance_hart_count);
        vm->vcpus[i].home = &hart->home;
        last = hart;
    }
    return 0;
}

static bool claim(struct hart *hart)
{
    if (!__atomic_load_n(&hart->sign.is_idle, __ATOMIC_SEQ_CST) ||
        !__atomic_exchange_n(&hart->sign.is_idle, 0, __ATOMIC_SEQ_CST))
        return false;
    __atomic_sub_fetch(&idle_count, 1, __ATOMIC_SEQ_CST);
    return true;
}

static unsigned count_of(const struct hart *hart)
{
    return __atomic_load_n(&hart->sign.count, __ATOMIC_SEQ_CST);
}

void balance_seek(struct hart *hart)
{
    struct hart *busiest = NULL;

    __atomic_store_n(&hart->sign.count, 0, __ATOMIC_SEQ_CST);
    if (!__atomic_load_n(&hart->sign.is_idle, __ATOMIC_SEQ_CST)) {
        __atomic_add_fetch(&idle_count, 1, __ATOMIC_SEQ_CST);
        __atomic_store_n(&hart->sign.is_idle, 1, __ATOMIC_SEQ_CST);
    }
    for (struct hart *other = first_hart; other; other = other->next) {
        if (other != hart && count_of(other) > (busiest ? count_of(busiest) : 1))
            busiest = other;
    }
    if (busiest)
        kick_home(&busiest->home);
}

static struct hart *find_idle(const struct hart *hart, const struct vm *vm)
{
    for (struct hart *other = first_hart; other; other = other->next) {
        if (other != hart && may_run_on(vm, other) && claim(other))
            return other;
    }
    return NULL;
}

/* Where the vCPU that is next would wait less; nobody is idle. The words of a sign may be of two
 * moments: a wrong step is righted by a later one. */
static struct hart *find_ahead(const struct hart *hart, const struct vcpu *next, uint64_t now)
{
    for (struct hart *other = first_hart; other; other = other->next) {
        if (other != hart && count_of(other) > 0 && may_run_on(next->vm, other) &&
            hart->policy->is_ahead(&hart->ready, &other->sign.pace, &next->turn, now))
            return other;
    }
    return NULL;
}

static void write_sign(struct hart *hart, uint64_t now)
{
    struct policy_pace *pace = &hart->sign.pace;

    __atomic_store_n(&pace->clock, hart->ready.clock + hart->ready.offset, __ATOMIC_RELAXED);
    __atomic_store_n(&pace->since, now, __ATOMIC_RELAXED);
    __atomic_store_n(&pace->weight, hart->weight, __ATOMIC_RELAXED);
    __atomic_store_n(&hart->sign.count, hart->ready_count, __ATOMIC_SEQ_CST);
}

struct hart *balance_offer(struct hart *hart, const struct vcpu *next, uint64_t now)
{
    struct hart *to = NULL;

    write_sign(hart, now);
    claim(hart);
    if (!next)
        return NULL;
    if (__atomic_load_n(&idle_count, __ATOMIC_SEQ_CST) > 0)
        to = find_idle(hart, next->vm);
    if (!to && now >= hart->balance_at) {
        hart->balance_at = now + PERIOD * hart->ready.slice;
        to = find_ahead(hart, next, now);
    }
    return to;
}
