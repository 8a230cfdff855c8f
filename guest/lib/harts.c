// SPDX-License-Identifier: BSD-2-Clause
/*
 * Finding the harts, starting them, giving them work. start.S comes before; clock.c supplies
 * the waiting, which always has a bound.
 */
#include "lib/harts.h"

#include "lib/bootargs.h"
#include "lib/clock.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"

#include <stddef.h>

_Static_assert(sizeof(struct hart) <= HART_SIZE, "trap_layout.h");

/* start.S takes hart n's part of these by its number. */
uint8_t hart_stacks[HARTS_MAX][HART_STACK_SIZE] __attribute__((aligned(HART_STACK_SIZE)));
hart_entry *harts_entry;

static hart_job *jobs[HARTS_MAX]; /* what to run, NULL: nothing to do */
static uint64_t meet_arrived;     /* arrivals of all meetings so far */
static bool meet_failed;

void hart_boot(uint64_t hartid, uint64_t dtb);
_Noreturn void hart_enter(uint64_t hartid, uint64_t arg, hart_entry *entry);

void hart_boot(uint64_t hartid, uint64_t dtb)
{
    (void)hartid;
    bootargs_tree = (const void *)dtb;
    guest_main();
}

static void serve(hart_job **job)
{
    for (;;) {
        hart_job *now = __atomic_load_n(job, __ATOMIC_ACQUIRE);

        if (now) {
            now();
            __atomic_store_n(job, NULL, __ATOMIC_RELEASE);
        } else {
            clock_nap();
        }
    }
}

/* Called by start.S on a fresh stack, for every hart that begins or resumes. */
void hart_enter(uint64_t hartid, uint64_t arg, hart_entry *entry)
{
    struct hart *hart = hart_self();

    hart->id = hartid;
    hart->recover = 0;
    /* The job that ended in a stop, if any. Now, as after `entry` there may be a new one. */
    __atomic_store_n(&jobs[hartid], NULL, __ATOMIC_RELEASE);
    if (entry)
        entry(hartid, arg);
    serve(&jobs[hartid]);
    __builtin_unreachable();
}

uint64_t harts_count(void)
{
    static uint64_t count; /* the boot hart asks first, before any other runs */

    if (!count)
        while (count < HARTS_MAX && sbi_hart_status(count).error == SBI_SUCCESS)
            count++;
    return count;
}

static void nothing(void)
{
}

bool harts_start_others(void)
{
    uint64_t count = harts_count();

    for (uint64_t id = 0; id < count; id++) {
        if (id == hart_self()->id)
            continue;
        harts_post(id, nothing); /* gone when the hart has begun */
        if (sbi_hart_start(id, (uint64_t)hart_start, 0).error || !harts_wait(id))
            return false;
    }
    return true;
}

void harts_post(uint64_t id, hart_job *job)
{
    __atomic_store_n(&jobs[id], job, __ATOMIC_RELEASE);
}

bool harts_wait(uint64_t id)
{
    return WAIT_FOR(!__atomic_load_n(&jobs[id], __ATOMIC_ACQUIRE));
}

bool harts_run_on(uint64_t id, hart_job *job)
{
    if (id == hart_self()->id) {
        job();
        return true;
    }
    harts_post(id, job);
    return harts_wait(id);
}

bool harts_run(hart_job *job)
{
    uint64_t count = harts_count(), self = hart_self()->id;
    bool all_came = true;

    for (uint64_t id = 0; id < count; id++)
        if (id != self)
            harts_post(id, job);
    job();
    for (uint64_t id = 0; id < count; id++)
        if (id != self)
            all_came &= harts_wait(id);
    return all_came;
}

bool harts_meet(uint64_t count)
{
    uint64_t mine = __atomic_fetch_add(&meet_arrived, 1, __ATOMIC_ACQ_REL);
    uint64_t full = (mine / count + 1) * count; /* arrivals when this meeting is complete */

    if (!WAIT_FOR(__atomic_load_n(&meet_failed, __ATOMIC_RELAXED) ||
                  __atomic_load_n(&meet_arrived, __ATOMIC_ACQUIRE) >= full))
        __atomic_store_n(&meet_failed, true, __ATOMIC_RELAXED);
    return !__atomic_load_n(&meet_failed, __ATOMIC_RELAXED);
}
