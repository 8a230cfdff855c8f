/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The crash report: who, where, why, at which address and what that is by both stages' tables,
 * what the guest was doing when its last trap of its own came, its registers, and its last exits.
 * Begun by vm_crash; life/end.c has it completed and printed.
 */
#include "vm/crash.h"

#include "lib/print.h"
#include "lib/string.h"

#define LINE "understudy: error:   "

static bool is_guest_page_fault(uint64_t scause)
{
    return scause == CAUSE_INSN_GUEST_PAGE_FAULT || scause == CAUSE_LOAD_GUEST_PAGE_FAULT ||
           scause == CAUSE_STORE_GUEST_PAGE_FAULT;
}

/* Priv 12.1.9 (stval): misaligned, access-fault and page-fault exceptions give an address. */
static bool has_address(uint64_t scause)
{
    switch (scause) {
    case CAUSE_INSN_MISALIGNED:
    case CAUSE_INSN_ACCESS_FAULT:
    case CAUSE_LOAD_MISALIGNED:
    case CAUSE_LOAD_ACCESS_FAULT:
    case CAUSE_STORE_MISALIGNED:
    case CAUSE_STORE_ACCESS_FAULT:
    case CAUSE_INSN_PAGE_FAULT:
    case CAUSE_LOAD_PAGE_FAULT:
    case CAUSE_STORE_PAGE_FAULT:
        return true;
    default:
        return is_guest_page_fault(scause);
    }
}

void crash_complete(struct vm *vm)
{
    struct vm_crash *crash = &vm->crash;
    const struct vcpu *vcpu = &vm->vcpus[crash->vcpu];
    uint64_t address = has_address(crash->trap.scause) ? crash->trap.stval : crash->pc;
    const struct trap *trap;

    if (!crash->trap.insn_len)
        return;
    memcpy(crash->x, vcpu->regs.x, sizeof(crash->x));
    walk_guest(&vm->gstage, vcpu->csrs.vsatp, address, &crash->walk);
    crash->exit_count = 0;
    while ((trap = vcpu_trap_back(vcpu, crash->exit_count)))
        crash->exits[crash->exit_count++] = *trap;
}

static void print_trap(const struct vm *vm)
{
    const struct vm_crash *crash = &vm->crash;
    const struct trap *trap = &crash->trap;

    print(LINE "vCPU %u in %s-mode at pc 0x%lx\n", crash->vcpu, crash->was_user ? "VU" : "VS",
          crash->pc);
    print(LINE "scause %lu, %s; stval 0x%lx\n", trap->scause, cause_name(trap->scause),
          trap->stval);
    if (is_guest_page_fault(trap->scause))
        print(LINE "guest physical address 0x%lx is not memory; that is 0x%lx to 0x%lx\n",
              trap_gpa(trap), BOARD_RAM_BASE, BOARD_RAM_BASE + vm->config.memory - 1);
    print(LINE "its own last trap, to stvec 0x%lx: scause %lu, %s; sepc 0x%lx, stval 0x%lx\n",
          crash->vstvec, crash->vscause, cause_name(crash->vscause), crash->vsepc, crash->vstval);
}

static void print_stage(const char *name, const char *mode, const struct walk_stage *stage)
{
    print(LINE "%s, %s: 0x%lx\n", name, mode, stage->from);
    for (unsigned i = 0; i < stage->count; i++)
        print(LINE "  level %u, entry at 0x%lx: 0x%lx\n", stage->steps[i].level,
              stage->steps[i].entry, stage->steps[i].pte);
    if (stage->end == WALK_DONE)
        print(LINE "  0x%lx\n", stage->to);
    else
        print(LINE "  %s\n", walk_end_text(stage->end));
}

static void print_walk(const struct walk *walk)
{
    print_stage("VS-stage", walk_mode_text(walk->satp), &walk->vs);
    if (walk->vs.end == WALK_DONE || walk->vs.end == WALK_NO_MEMORY)
        print_stage("G-stage", "Sv39x4", &walk->g);
}

static void print_registers(const uint64_t *x)
{
    for (unsigned i = 0; i < 32; i += 4)
        print(LINE "x%-2u %016lx  x%-2u %016lx  x%-2u %016lx  x%-2u %016lx\n", i, x[i], i + 1,
              x[i + 1], i + 2, x[i + 2], i + 3, x[i + 3]);
}

void crash_print(const struct vm *vm)
{
    const struct vm_crash *crash = &vm->crash;

    if (!crash->trap.insn_len)
        return;
    print_trap(vm);
    print_walk(&crash->walk);
    print_registers(crash->x);
    for (unsigned i = crash->exit_count; i-- > 0;)
        print(LINE "exit %u, at pc 0x%lx: %s; stval 0x%lx\n", i, crash->exits[i].pc,
              cause_name(crash->exits[i].scause), crash->exits[i].stval);
}
