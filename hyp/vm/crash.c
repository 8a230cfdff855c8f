/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The crash report: who, where, why, at which address, and what the guest was doing when its
 * last trap of its own came. Filled in by vm_crash.
 */
#include "vm/crash.h"

#include "lib/print.h"

#define LINE "understudy: error:   "

static bool is_guest_page_fault(uint64_t scause)
{
    return scause == CAUSE_INSN_GUEST_PAGE_FAULT || scause == CAUSE_LOAD_GUEST_PAGE_FAULT ||
           scause == CAUSE_STORE_GUEST_PAGE_FAULT;
}

void crash_print(const struct vm *vm)
{
    const struct vm_crash *crash = &vm->crash;
    const struct trap *trap = &crash->trap;

    if (!trap->insn_len)
        return;
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
