/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What becomes of machines: the orders of people, the ends that guests come to by themselves, and
 * the exit status of the machine below. Stopping a VM is vm/'s; this file goes on when the last
 * vCPU has left.
 */
#include "life/machine.h"

#include "exit/exit_stats.h"
#include "lib/err.h"
#include "lib/lock.h"
#include "lib/print.h"
#include "vm/crash.h"

#define STATS_PORT "org.understudy.stats"

static struct lock stats_lock; /* a VM's line is written in pieces */
/* The machines' lock must be held. */
static unsigned lives; /* machines that were started and are not over */
static bool is_held_on;
static enum platform_status worst;

int life_init(void (*place)(struct vm *vm), const void *data, uint64_t size,
              struct refusal *refusal)
{
    lives = 0;
    is_held_on = true;
    worst = PLATFORM_OK;
    return machine_init(place, data, size, refusal);
}

/* Lock held: nothing is left to stay on for. */
static bool is_done(void)
{
    return lives == 0 && !is_held_on;
}

void life_keep(bool is_kept)
{
    bool is_end;

    life_lock();
    is_held_on = is_kept;
    is_end = is_done();
    life_unlock();
    if (is_end)
        platform_exit(worst);
}

/* Lock held. A larger status is a worse one. */
static void worsen(enum platform_status status)
{
    if (status > worst)
        worst = status;
}

void life_worsen(enum platform_status status)
{
    life_lock();
    worsen(status);
    life_unlock();
}

static enum vm_state state_of(const struct machine *machine)
{
    return __atomic_load_n(&machine->vm->state, __ATOMIC_SEQ_CST);
}

const char *life_state(const struct machine *machine)
{
    static const char *const words[] = {
        [VM_CREATED] = "created", [VM_RUNNING] = "running",     [VM_PAUSED] = "paused",
        [VM_HALTED] = "halted",   [VM_RESETTING] = "resetting", [VM_CRASHED] = "crashed",
    };

    return words[state_of(machine)];
}

/* Lock held. */
static void begin(struct machine *machine)
{
    machine->starts++;
    vm_start(machine->vm);
}

int life_start(struct machine *machine)
{
    bool is_new;

    life_lock();
    is_new = state_of(machine) == VM_CREATED;
    if (is_new) {
        lives++;
        begin(machine);
    }
    life_unlock();
    return is_new ? 0 : ERR_STATE;
}

static void write_stats(const char *text, size_t length)
{
    platform_port_write(STATS_PORT, text, length);
}

/* The lock is held while the port takes its own: nothing that holds that one comes back here. */
static void report_stats(struct vm *vm)
{
    lock_take(&stats_lock);
    exit_stats_write(vm, write_stats);
    lock_release(&stats_lock);
}

static void report_end(const struct vm *vm)
{
    bool is_crash = vm->state == VM_CRASHED;

    vm->backs.console->flush(vm->backs.console);
    print("understudy: %s%s: %s\n", is_crash ? "error: " : "", vm->name, vm->reason);
    if (is_crash)
        crash_print(vm);
}

/* The machine, all of whose vCPUs have left, starts afresh. False where it cannot, or shall be
 * taken apart. */
static bool begin_again(struct machine *machine)
{
    bool is_wanted;

    if (vm_reset(machine->vm)) {
        machine->vm->state = VM_CRASHED;
        return false;
    }
    life_lock();
    is_wanted = !machine->is_doomed;
    if (is_wanted)
        begin(machine);
    life_unlock();
    return is_wanted;
}

/* All its vCPUs have left for good. Once it is over, whoever gives orders may free it. */
static void finish(struct machine *machine)
{
    bool is_doomed, is_end;

    report_end(machine->vm);
    life_lock();
    if (machine->vm->state == VM_CRASHED)
        worsen(PLATFORM_CRASHED);
    is_doomed = machine->is_doomed;
    machine->is_over = true;
    lives--;
    is_end = is_done();
    life_unlock();
    if (is_doomed)
        machine_free(machine);
    if (is_end)
        platform_exit(worst);
}

void life_leave(struct vm *vm)
{
    struct machine *machine = vm->backs.machine;

    if (!vm_leave(vm))
        return;
    report_stats(vm);
    if (vm->state != VM_RESETTING || !begin_again(machine))
        finish(machine);
}

/* Lock held. It runs, or nobody can say yet what becomes of it. */
static bool is_live(const struct machine *machine)
{
    return !machine->is_over && state_of(machine) != VM_CREATED;
}

int life_pause(struct machine *machine)
{
    bool is_done;

    life_lock();
    is_done = vm_pause(machine->vm);
    life_unlock();
    return is_done ? 0 : ERR_STATE;
}

int life_resume(struct machine *machine)
{
    bool is_done;

    life_lock();
    is_done = vm_resume(machine->vm);
    life_unlock();
    return is_done ? 0 : ERR_STATE;
}

/* Paused, a vCPU is off its hart when it sleeps. */
bool life_is_still(const struct machine *machine)
{
    const struct vm *vm = machine->vm;

    if (state_of(machine) != VM_PAUSED)
        return machine->is_over || state_of(machine) == VM_CREATED;
    for (uint32_t i = 0; i < vm->vcpu_count; i++) {
        if (!__atomic_load_n(&vm->vcpus[i].is_blocked, __ATOMIC_SEQ_CST))
            return false;
    }
    return true;
}

/* Lock held. A machine that is over counts as live again; its caller lets it begin. */
static void revive(struct machine *machine)
{
    machine->is_over = false;
    machine->vm->state = VM_RESETTING;
    lives++;
}

int life_reset(struct machine *machine)
{
    bool was_over;
    int err = 0;

    life_lock();
    was_over = machine->is_over;
    if (was_over)
        revive(machine);
    else
        vm_stop(machine->vm, VM_RESETTING, "reset");
    if (state_of(machine) != VM_RESETTING)
        err = ERR_STATE;
    life_unlock();
    if (was_over && !begin_again(machine))
        finish(machine);
    return err;
}

int life_destroy(struct machine *machine)
{
    bool is_free;

    life_lock();
    machine_remove(machine);
    machine->is_doomed = true;
    is_free = !is_live(machine);
    if (!is_free)
        vm_stop(machine->vm, VM_HALTED, "destroyed");
    life_unlock();
    if (is_free)
        machine_free(machine);
    return 0;
}
