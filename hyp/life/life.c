/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The orders of people, and the exit status of the machine below. What happens when a machine's
 * last vCPU has left, ordered or not, is end.c's.
 */
#include "life/machine.h"

#include "lib/err.h"
#include "trace/trace.h"
#include "vcpu/vscsr.h"
#include "vm/debug.h"

/* The machines' lock must be held. */
static unsigned lives; /* machines that were started and are not over */
static bool is_held_on;
static enum platform_status worst;

int life_init(int (*place)(struct vm *vm, struct refusal *refusal), const void *data, uint64_t size,
              struct refusal *refusal)
{
    lives = 0;
    is_held_on = true;
    worst = PLATFORM_OK;
    return machine_init(place, data, size, refusal);
}

/* Lock held, and released here: the machine below is turned off where nothing is left to stay on
 * for. */
static void unlock_or_turn_off(void)
{
    bool is_done = lives == 0 && !is_held_on;
    enum platform_status status = worst;

    life_unlock();
    if (is_done)
        platform_exit(status);
}

void life_keep(bool is_kept)
{
    life_lock();
    is_held_on = is_kept;
    unlock_or_turn_off();
}

/* A larger status is a worse one. */
void life_worsen(enum platform_status status)
{
    life_lock();
    if (status > worst)
        worst = status;
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

void life_begin(struct machine *machine)
{
    machine->starts++;
    machine->started = vscsr_time();
    vm_start(machine->vm);
}

void life_count_out(void)
{
    life_lock();
    lives--;
    unlock_or_turn_off();
}

int life_start(struct machine *machine)
{
    bool is_new;

    life_lock();
    is_new = state_of(machine) == VM_CREATED;
    if (is_new) {
        lives++;
        life_begin(machine);
    }
    life_unlock();
    return is_new ? 0 : ERR_STATE;
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

/* Paused, or held by a debugger, a vCPU is off its hart when it sleeps. */
bool life_is_still(const struct machine *machine)
{
    const struct vm *vm = machine->vm;

    if (machine->is_over || state_of(machine) == VM_CREATED)
        return true;
    for (uint32_t i = 0; i < vm->vcpu_count; i++) {
        if (!debug_is_still(&vm->vcpus[i]))
            return false;
    }
    return true;
}

/* Lock held. A machine that is over counts as live again; its caller lets it begin. */
static void revive(struct machine *machine)
{
    machine->is_over = false;
    trace_life(machine->id, VM_RESETTING, machine->vm->state);
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
    if (was_over)
        life_begin_again(machine);
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
