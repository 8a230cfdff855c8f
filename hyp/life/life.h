/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machines that there are: created, started, held, begun again, taken apart. How one ends by
 * itself is here too: what is said, and whether it begins again.
 *
 * One lock, the machines', guards the list and each machine's fields. It is the outermost one: its
 * holder may take others, nobody takes it who holds one, and it is never held across vcpu_enter.
 * The functions take it themselves but where "lock held" stands.
 *
 * Orders of people (create, start, pause, resume, reset, destroy) come one at a time, from one
 * hart's loop, outside of any exit. So a machine that they have found stays theirs until they
 * destroy it: nobody else does.
 */
#ifndef LIFE_LIFE_H
#define LIFE_LIFE_H

#include "console/console.h"
#include "lib/list.h"
#include "platform.h"
#include "vm/bundle.h"
#include "vm/vm.h"

/* A machine that ends so soon after its start, so often in a row, is not restarted: it would
 * take its hart's time for nothing but loading. */
#define LIFE_SHORT           1 /* seconds */
#define LIFE_SHORT_LIVES_MAX 5

struct machine {
    /* Fixed at creation. */
    struct vm *vm;
    uint32_t id; /* 1 and up; no two machines ever have the same */
    char name[VM_NAME_MAX + 1];
    struct console_channel channel;

    /* The machines' lock must be held. */
    struct list link;
    uint32_t starts;      /* how often it began */
    uint64_t started;     /* host time of the last one */
    uint32_t short_lives; /* in a row, that ended by themselves within LIFE_SHORT seconds */
    bool is_over;         /* it ended, and was reported; no vCPU of it will run */
    bool is_doomed;       /* out of the list; the last vCPU that leaves takes it apart */
};

/* Before all others. `place` gives the vCPUs of a new VM their homes, or refuses. The bundle at
 * `data` is where configurations come from; it stays there. Without one (*refusal says why) the
 * rest works, and nothing can be created. */
int life_init(int (*place)(struct vm *vm, struct refusal *refusal), const void *data, uint64_t size,
              struct refusal *refusal);

/* What the configurations are. NULL where there is no bundle. */
const struct bundle *life_bundle(void);

void life_lock(void);
void life_unlock(void);

/* Lock held. In the order of their creation; NULL after the last one. Destroyed ones are not
 * among them. */
struct machine *life_first(void);
struct machine *life_next(const struct machine *machine);

/* Lock held. By its name, else by its id in decimal; or NULL. */
struct machine *life_find(const char *name_or_id);

/* Destroyed machines whose pages are not all given back yet: their vCPUs are still to leave. */
unsigned life_leaving(void);

/*
 * Builds a machine, not started, as the bundle's configuration says; named `name`, or as the
 * configuration where that is NULL. ERR_NOT_FOUND, ERR_EXISTS (the name is taken), or what
 * bundle_config and vm_create say; *refusal has the reason in words.
 */
int life_create(const char *configuration, const char *name, struct machine **result,
                struct refusal *refusal);

/* The same from a configuration that was read already; its pointers stay good. */
int life_add(const struct vm_config *config, struct machine **result, struct refusal *refusal);

/*
 * All return 0, or ERR_STATE where its state is another one, and come back before the vCPUs have
 * done what is asked of them.
 *
 * start: VM_CREATED. pause: VM_RUNNING; each vCPU leaves its guest at once and is in no queue; the
 * guest's time goes on. resume: VM_PAUSED. reset: any; the guest begins afresh, in the same memory,
 * also one that is over or was paused. destroy: any; the machine is out of the list when it
 * returns, and its name is free; its pages come back when its last vCPU has left, which is at
 * once if none was running.
 */
int life_start(struct machine *machine);
int life_pause(struct machine *machine);
int life_resume(struct machine *machine);
int life_reset(struct machine *machine);
int life_destroy(struct machine *machine);

/* After a change of what is traced: every vCPU is observed as it is wanted now, and the name of
 * each machine is traced. */
void life_observe(void);

/* Its state in one word: created, running, paused, resetting, halted, crashed. */
const char *life_state(const struct machine *machine);

/* True where no vCPU of it has a hart, or will have one before it is resumed or reset, or before a
 * debugger lets it go on: what they left stands in struct vcpu. */
bool life_is_still(const struct machine *machine);

/* What it takes beside its RAM, in bytes. */
uint64_t life_overhead(const struct machine *machine);

/* The time in ns that its vCPUs had a hart, and how often they left their guests, together and
 * since its creation: one vCPU of a busy machine gains a second in a second. */
uint64_t life_time(const struct machine *machine);
uint64_t life_exits(const struct machine *machine);

/*
 * Kept, the machine below stays on when no VM is left; so it is at first. Not kept, it is turned
 * off when the last VM that was started is over, at once if none is left now. Its exit status is
 * the worst of those that it was told.
 */
void life_keep(bool is_kept);
void life_worsen(enum platform_status status);

/* A vCPU, in no queue and not loaded, has left its hart for good after VCPU_REQUEST_STOP. The VM
 * may be gone afterwards: the last vCPU's leaving restarts it, reports its end, or takes it
 * apart. No lock is held. */
void life_leave(struct vm *vm);

#endif
