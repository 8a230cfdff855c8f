/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The queues alone: a test plays the loop of run.c by hand. Leaving is counted.
 */
#ifndef QUEUE_FIXTURE_H
#define QUEUE_FIXTURE_H

#include "hart_fixture.h"

#include "life/life.h"
#include "sched/tick.h"
#include "vcpu/usage.h"

#define QUEUE_VCPUS 3

static struct vm *vm;
static struct vcpu *vcpu; /* the first one */
static unsigned leaves;

/* Stands in for life/life.c. */
void life_leave(struct vm *of)
{
    assert_ptr_equal(of, vm);
    leaves++;
}

/* A VM at home on `on` that was started: its vCPU 0 is in the mail. */
static inline struct vm *hart_add(const char *name, uint32_t vcpus, struct hart *on)
{
    struct vm *added = machine_add(name, vcpus, &on->home);

    vm_start(added);
    return added;
}

/* One VM of QUEUE_VCPUS, the first of which can run. */
static inline int queue_setup(void **state)
{
    int err = hart_setup(state);

    if (err)
        return err;
    leaves = 0;
    vm = hart_add("a", QUEUE_VCPUS, &hart);
    vcpu = &vm->vcpus[0];
    return 0;
}

/* The next vCPU, loaded as run.c does it; or NULL. */
static inline struct vcpu *queue_take(void)
{
    struct vcpu *next = queue_pick(&hart);

    if (next && next != hart.loaded) {
        if (hart.loaded)
            vscsr_save(hart.loaded);
        vscsr_load(next, false);
        hart.loaded = next;
    }
    return next;
}

/* The hart's timer as the loop would set it now, for a vCPU that runs, or for nobody. */
static inline uint64_t queue_timer(const struct vcpu *running)
{
    uint64_t next = tick_next(&hart, running, !running || queue_may_sleep(&hart));

    return running && !caps.sstc ? tick_with_guest(next, running, vscsr_hart.time) : next;
}

/* The first vCPU runs and has enabled `vsie`. */
static inline void queue_run_first(uint64_t vsie)
{
    assert_ptr_equal(queue_take(), vcpu);
    vscsr_hart.csrs.vsie = vsie;
}

#define QUEUE_TEST(test) cmocka_unit_test_setup_teardown(test, queue_setup, machine_teardown)

#endif
