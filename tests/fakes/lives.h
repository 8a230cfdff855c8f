/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Machines as life/ makes them, for tests of what goes on with them: real VMs on the pool of
 * fakes/machine.h. What their guests print is dropped. In a header, as that one.
 */
#ifndef FAKES_LIVES_H
#define FAKES_LIVES_H

#include "fakes/machine.h"
#include "lib/print.h"
#include "life/life.h"

static struct vcpu_home *lives_home; /* of the vCPUs that are added */
static char lives_printed[16384];    /* the hypervisor's own lines */

static inline int lives_place(struct vm *vm, struct refusal *refusal)
{
    (void)refusal;
    for (uint32_t i = 0; i < vm->vcpu_count; i++)
        vm->vcpus[i].home = lives_home;
    return 0;
}

static inline void lives_print(const char *text, size_t length)
{
    assert_true(strlen(lives_printed) + length < sizeof(lives_printed));
    strncat(lives_printed, text, length);
}

static inline void lives_drop(const char *text, size_t length)
{
    (void)text;
    (void)length;
}

/* After machine_setup: no machine, no bundle, kept on. */
static inline void lives_setup(void)
{
    struct refusal refusal;

    lives_printed[0] = '\0';
    console_init(lives_drop);
    print_set_sink(lives_print);
    assert_int_not_equal(life_init(lives_place, NULL, 0, &refusal), 0);
}

/* A machine, created, at home on `home`. The trace is empty afterwards. */
static inline struct machine *lives_add(const struct vm_config *config, struct vcpu_home *home)
{
    struct machine *machine;
    struct refusal refusal;

    lives_home = home;
    if (life_add(config, &machine, &refusal) != 0)
        fail_msg("%s", refusal.text);
    trace_reset();
    return machine;
}

#endif
