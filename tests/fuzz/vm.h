/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One real VM of three vCPUs for targets that play a guest: vm_create on the fakes, made once, and
 * for each input back in the state of a machine that has just started. The fakes play one hart,
 * where one vCPU is loaded at a time.
 */
#ifndef FUZZ_VM_H
#define FUZZ_VM_H

#include "fakes/machine.h"
#include "fuzz/fuzz.h"
#include "riscv/csr.h"
#include "vm/prefer.h"

#define VM_VCPUS 3
#define VM_END   (BOARD_RAM_BASE + MACHINE_RAM)
#define VM_PC    (MACHINE_KERNEL + 0x40)
#define VM_STVEC (MACHINE_KERNEL + 0x80)

static struct vm *vm;
static struct vcpu *vcpu; /* the loaded one */
static struct vcpu_home home;

/* The guest runs on: `next` has the hart, in VS-mode. */
static inline void vm_switch(struct vcpu *next)
{
    if (vscsr_hart.loaded == next)
        return;
    if (vscsr_hart.loaded)
        vscsr_save(vscsr_hart.loaded);
    vscsr_load(next, false);
    next->is_blocked = 0;
    vcpu = next;
}

/* SBI 9.1: as the run loop starts one. It is not loaded. */
static inline void vm_begin(struct vcpu *next, uint64_t pc, uint64_t opaque)
{
    vcpu_start(next, pc, opaque);
    next->csrs.vstvec = VM_STVEC;
    next->is_blocked = 0;
}

static inline void vm_start_over(void)
{
    if (!vm) {
        machine_setup(NULL);
        vm = machine_add("a", VM_VCPUS, &home);
    }
    if (vscsr_hart.loaded)
        vscsr_save(vscsr_hart.loaded);
    vscsr_reset();
    kick_fake = (struct kick_fake){0};
    fetch_fake = (struct fetch_fake){0};
    tty_init(&machine_ttys[0]);
    home = (struct vcpu_home){0};
    for (unsigned i = 0; i < VM_VCPUS; i++) {
        vcpu_reset(&vm->vcpus[i]);
        vm->vcpus[i].usage = 0; /* the time begins anew */
    }
    bus_reset(&vm->bus);
    vm->state = VM_RUNNING;
    vm->live_vcpus = VM_VCPUS;
    vm->reason[0] = '\0';
    vm_begin(&vm->vcpus[0], VM_PC, 0);
    vm_switch(&vm->vcpus[0]);
}

/* A number as hostile callers choose them: small, full of ones, an address at an edge, anything. */
static inline uint64_t vm_take_number(struct fuzz *fuzz)
{
    uint64_t kind = fuzz_take(fuzz, 1), small = fuzz_take(fuzz, 1);

    switch (kind % 12) {
    case 0:
        return 0;
    case 1:
        return -small - 1;
    case 2:
        return BIT(small % 64);
    case 3:
        return BIT(small % 64) - 1;
    case 4:
        return BOARD_RAM_BASE + small;
    case 5:
        return VM_END - small;
    case 6:
        return BOARD_RAM_BASE + fuzz_take(fuzz, 3) % (MACHINE_RAM + 64);
    case 7:
        return BOARD_UART_BASE + small;
    case 8:
        return fuzz_take(fuzz, 8);
    case 9:
        return MACHINE_KERNEL + small;
    default:
        return small % 16;
    }
}

/* A stopped machine says why. */
static inline void vm_check_stopped(void)
{
    fuzz_claim(vm->state != VM_RUNNING && vm->state != VM_CREATED);
    fuzz_claim(strnlen(vm->reason, sizeof(vm->reason)) > 0);
    fuzz_claim(strnlen(vm->reason, sizeof(vm->reason)) < sizeof(vm->reason));
}

/* The vCPU interrupted one that waits for the same hart; that one has its turn now. */
static inline void vm_check_called(void)
{
    fuzz_claim(prefer_take(vcpu->home) && !vm_leave(vm));
}

#endif
