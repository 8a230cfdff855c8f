/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Restart, report and the machine's exit status.
 */
#include "sched/life.h"

#include "exit/exit_stats.h"
#include "lib/lock.h"
#include "lib/print.h"
#include "platform.h"
#include "vm/crash.h"

#define STATS_PORT "org.understudy.stats"

static struct lock stats_lock;  /* a VM's line is written in pieces */
static unsigned vms_left;       /* atomic */
static unsigned machine_status; /* atomic: the worst so far, an enum platform_status */

void life_init(unsigned vm_count, bool was_refused)
{
    vms_left = vm_count;
    machine_status = was_refused ? PLATFORM_REFUSED : PLATFORM_OK;
    if (vm_count == 0)
        platform_exit(machine_status);
}

/* A larger status is a worse one. */
static void worsen(unsigned status)
{
    unsigned now = __atomic_load_n(&machine_status, __ATOMIC_SEQ_CST);

    while (status > now && !__atomic_compare_exchange_n(&machine_status, &now, status, false,
                                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        continue;
}

static void end_vm(const struct vm *vm)
{
    /* A VM that should have been restarted and could not be is no orderly end. */
    bool crashed = vm->state != VM_HALTED;

    if (crashed)
        worsen(PLATFORM_CRASHED);
    vm->backs.console->flush(vm->backs.console);
    print("understudy: %s%s: %s\n", crashed ? "error: " : "", vm->name, vm->reason);
    if (crashed)
        crash_print(vm);
    if (__atomic_sub_fetch(&vms_left, 1, __ATOMIC_SEQ_CST) == 0)
        platform_exit(__atomic_load_n(&machine_status, __ATOMIC_SEQ_CST));
}

static void write_stats(const char *text, size_t length)
{
    platform_port_write(STATS_PORT, text, length);
}

void life_leave(struct vm *vm)
{
    if (!vm_leave(vm))
        return;
    /* Held while the port takes its own: nothing that holds that one comes back here. */
    lock_take(&stats_lock);
    exit_stats_write(vm, write_stats);
    lock_release(&stats_lock);
    if (vm->state == VM_RESETTING && vm_reset(vm) == 0)
        vm_start(vm);
    else
        end_vm(vm);
}
