/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Machines whose vCPUs leave when the test says so: no hart runs them.
 */
#ifndef LIFE_FIXTURE_H
#define LIFE_FIXTURE_H

#include "fakes/end.h"
#include "fakes/lives.h"
#include "vcpu/request.h"

static struct vcpu_home home;

static inline int life_setup(void **state)
{
    int err = machine_setup(state);

    home = (struct vcpu_home){0};
    if (err)
        return err;
    lives_setup();
    return 0;
}

static inline struct machine *life_created(const char *name, uint32_t vcpus)
{
    struct vm_config config = machine_config(name, vcpus);

    return lives_add(&config, &home);
}

static inline struct machine *life_started(const char *name, uint32_t vcpus)
{
    struct machine *machine = life_created(name, vcpus);

    assert_int_equal(life_start(machine), 0);
    return machine;
}

static inline void life_leave_all(void *argument)
{
    struct vm *vm = argument;
    uint32_t count = vm->vcpu_count; /* it may be gone with the last one */

    vcpu_take_mail(&home);
    for (uint32_t i = 0; i < count; i++)
        life_leave(vm);
}

/* The VM stops in that state, and its vCPUs leave. */
static inline enum end life_end(struct machine *machine, enum vm_state state)
{
    vm_stop(machine->vm, state, "by state %d", state);
    return end_of(life_leave_all, machine->vm);
}

#define LIFE_TEST(test) cmocka_unit_test_setup_teardown(test, life_setup, machine_teardown)

#endif
