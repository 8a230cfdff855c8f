/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What happens when the last vCPU of a machine has left: the machine begins again, as its guest or
 * people asked or by its restart policy, or it is over. Comes after sched/sleep.c; orders are
 * life.c's.
 */
#include "life/machine.h"

#include "exit/exit_stats.h"
#include "lib/args.h"
#include "lib/format.h"
#include "lib/lock.h"
#include "lib/print.h"
#include "riscv/caps.h"
#include "trace/trace.h"
#include "vcpu/vscsr.h"
#include "vm/crash.h"

#define STATS_PORT "org.understudy.stats"

static struct lock stats_lock;  /* a VM's line is written in pieces */
static struct lock report_lock; /* a VM's report has several lines, and most lack its name */

static void write_stats(const char *text, size_t length)
{
    platform_port_write(STATS_PORT, text, length);
}

/* The lock is held while the port takes its own: nothing that holds that one comes back here. */
static void report_stats(struct vm *vm)
{
    if (!args_has(platform.bootargs, "stats"))
        return;
    lock_take(&stats_lock);
    exit_stats_write(vm, write_stats);
    lock_release(&stats_lock);
}

static void report_end(struct vm *vm)
{
    bool is_crash = vm->state == VM_CRASHED;

    if (is_crash)
        life_worsen(PLATFORM_CRASHED);
    vm->backs.console->flush(vm->backs.console);
    if (is_crash)
        crash_complete(vm);
    lock_take(&report_lock);
    print("understudy: %s%s: %s\n", is_crash ? "error: " : "", vm->name, vm->reason);
    if (is_crash)
        crash_print(vm);
    lock_release(&report_lock);
}

/* All its vCPUs have left for good. Once it is over, whoever gives orders may free it. */
static void finish(struct machine *machine)
{
    bool is_doomed;

    report_end(machine->vm);
    life_lock();
    is_doomed = machine->is_doomed;
    machine->is_over = true;
    life_unlock();
    if (is_doomed)
        machine_free(machine);
    life_count_out();
}

/* Its guest is loaded anew and starts; false where that cannot be, or people want its end. */
static bool reload(struct machine *machine)
{
    struct vm *vm = machine->vm;
    bool is_wanted;

    if (vm_reset(vm) != 0) {
        format_text(vm->reason, sizeof(vm->reason), "cannot be loaded again");
        trace_life(vm->id, VM_CRASHED, vm->state);
        vm->state = VM_CRASHED;
        return false;
    }
    life_lock();
    is_wanted = !machine->is_doomed;
    if (is_wanted)
        life_begin(machine);
    life_unlock();
    return is_wanted;
}

void life_begin_again(struct machine *machine)
{
    if (!reload(machine))
        finish(machine);
}

static bool has_policy_for(const struct vm *vm)
{
    if (vm->config.restart == VM_RESTART_ON_CRASH)
        return vm->state == VM_CRASHED;
    return vm->config.restart == VM_RESTART_ALWAYS;
}

/* True where the policy lets it begin again. */
static bool may_restart(struct machine *machine)
{
    bool is_short = vscsr_time() - machine->started < (uint64_t)LIFE_SHORT * caps.timebase;
    bool is_doomed;

    life_lock();
    is_doomed = machine->is_doomed;
    life_unlock();
    if (is_doomed || !has_policy_for(machine->vm))
        return false;
    machine->short_lives = is_short ? machine->short_lives + 1 : 0;
    if (machine->short_lives < LIFE_SHORT_LIVES_MAX)
        return true;
    print("understudy: %s: ended at once %u times in a row: not restarted\n", machine->name,
          LIFE_SHORT_LIVES_MAX);
    return false;
}

static void restart(struct machine *machine)
{
    report_end(machine->vm);
    trace_life(machine->id, VM_RESETTING, machine->vm->state);
    __atomic_store_n(&machine->vm->state, VM_RESETTING, __ATOMIC_SEQ_CST);
    life_begin_again(machine);
}

void life_leave(struct vm *vm)
{
    struct machine *machine = vm->backs.machine;

    if (!vm_leave(vm))
        return;
    report_stats(vm);
    if (vm->state == VM_RESETTING)
        life_begin_again(machine);
    else if (may_restart(machine))
        restart(machine);
    else
        finish(machine);
}
