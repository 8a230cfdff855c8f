/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Real VMs for tests of what works on them: a page pool on an array of the host, and vm_create on
 * it with a small raw kernel. In a header, so that the linker takes vm/ for the test itself.
 */
#ifndef FAKES_MACHINE_H
#define FAKES_MACHINE_H

#include "fakes/board.h"
#include "fakes/caps.h"
#include "fakes/fetch.h"
#include "fakes/kick.h"
#include "fakes/trace.h"
#include "fakes/tty.h"
#include "fakes/vscsr.h"
#include "mem/pages.h"
#include "vm/vm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MACHINE_POOL    (32UL << 20)
#define MACHINE_RAM     (4UL << 20)
#define MACHINE_KERNEL  0x80200000UL /* where it is loaded, and starts */
#define MACHINE_VMS_MAX 4

static uint8_t *machine_pool;
static uint8_t machine_kernel[512];
static struct tty_fake machine_ttys[MACHINE_VMS_MAX];
static unsigned machine_vms;
static bool machine_counts; /* VMs that are added from now on are counted */

/* All fakes as at the start, and a pool of MACHINE_POOL bytes. A test's setup. */
static inline int machine_setup(void **state)
{
    (void)state;
    caps_reset();
    vscsr_reset();
    board_reset();
    trace_reset();
    fetch_fake = (struct fetch_fake){0};
    kick_fake = (struct kick_fake){0};
    memset(machine_kernel, 0x13, sizeof(machine_kernel));
    machine_vms = 0;
    machine_counts = false;
    machine_pool = aligned_alloc(2 << 20, MACHINE_POOL);
    pages_init();
    return machine_pool ? pages_add((uintptr_t)machine_pool, MACHINE_POOL) : -1;
}

/* A test's teardown. */
static inline int machine_teardown(void **state)
{
    (void)state;
    free(machine_pool);
    return 0;
}

static inline struct vm_config machine_config(const char *name, uint32_t vcpus)
{
    return (struct vm_config){
        .name = name,
        .memory = MACHINE_RAM,
        .vcpus = vcpus,
        .weight = 100,
        .affinity = VM_AFFINITY_ANY,
        .bootargs = "",
        .kernel = machine_kernel,
        .kernel_size = sizeof(machine_kernel),
        .kernel_is_raw = true,
    };
}

/* The next VM: its vCPUs live at `home`, its console is machine_ttys[its id - 1]. The trace is
 * empty afterwards. */
static inline struct vm *machine_add(const char *name, uint32_t vcpus, struct vcpu_home *home)
{
    struct vm_config config = machine_config(name, vcpus);
    struct vm_backs backs = {.console = &machine_ttys[machine_vms].tty,
                             .counts_exits = machine_counts};
    struct refusal refusal;
    struct vm *vm;

    assert_true(machine_vms < MACHINE_VMS_MAX);
    tty_init(&machine_ttys[machine_vms++]);
    if (vm_create(&config, machine_vms, &backs, &vm, &refusal) != 0)
        fail_msg("%s", refusal.text);
    for (uint32_t i = 0; i < vcpus; i++)
        vm->vcpus[i].home = home;
    trace_reset();
    return vm;
}

/* The vCPU as it is between an exit and what becomes of it: started, loaded, in VS-mode at
 * `pc`. */
static inline void machine_trap(struct vcpu *vcpu, uint64_t pc)
{
    vcpu_start(vcpu, pc, 0);
    vcpu->is_blocked = 0;
    vcpu->vm->state = VM_RUNNING;
    vscsr_load(vcpu, false);
    trace_reset();
}

#endif
