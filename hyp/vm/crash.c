/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The crash report: who, where, why, and what that means; at which address and what that is by both
 * stages' tables; what the guest was doing when its last trap of its own came, and how it got
 * there; its registers and its last exits. Begun by vm_crash; life/end.c has it completed and
 * printed.
 */
#include "vm/crash.h"

#include "explain/say.h"
#include "explain/wrap.h"
#include "lib/print.h"
#include "lib/string.h"
#include "mem/walk_draw.h"
#include "riscv/csr.h"
#include "vcpu/verdict.h"

#define LINE  "understudy: error:   "
#define WIDTH 78 /* of what stands behind it */

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

/* A guest that lost its way into its own trap handler is where its own last trap came. */
static uint64_t origin(const struct vm_crash *crash)
{
    bool is_lost = crash->trap.scause == CAUSE_INSN_GUEST_PAGE_FAULT &&
                   crash->pc == (crash->vstvec & STVEC_BASE);

    return is_lost ? crash->vsepc : crash->pc;
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
    crash->walk.hgatp = vcpu->csrs.hgatp;
    backtrace_take(&vm->gstage, vcpu->csrs.vsatp, crash->x, origin(crash), &crash->backtrace);
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

static void print_line(void *context, const char *line)
{
    (void)context;
    print(LINE "%s\n", line);
}

/* What print_trap says in its own words is not said twice. */
static void print_sentence(void *context, const char *name, const char *words)
{
    static const char *const said[] = {"cause", "pc", "stval", "htval"};

    for (unsigned i = 0; i < ARRAY_SIZE(said); i++) {
        if (strcmp(name, said[i]) == 0)
            return;
    }
    explain_wrap(name, words, WIDTH, print_line, context);
}

void crash_explain(const struct vm *vm, const struct explain_listener *listener)
{
    const struct trap *trap = &vm->crash.trap;
    uint64_t hedeleg = vm->vcpus[vm->crash.vcpu].csrs.hedeleg;
    const struct explain_exit exit = {
        .scause = trap->scause,
        .sepc = trap->pc,
        .stval = trap->stval,
        .htval = trap->htval,
        .htinst = trap->htinst,
        .hedeleg = hedeleg,
        .has_hedeleg = trap->scause < CAUSE_COUNT && (hedeleg & BIT(trap->scause)),
        .verdict = EXIT_HALT,
    };

    explain_say_exit(listener, &exit);
}

static void print_backtrace(const struct backtrace *backtrace)
{
    print(LINE "backtrace:\n");
    for (unsigned i = 0; i < backtrace->count; i++)
        print(LINE "  %-2u 0x%016lx  %s\n", i, backtrace->frames[i].pc,
              backtrace_source_text(backtrace->frames[i].source));
}

static void print_registers(const uint64_t *x)
{
    for (unsigned i = 0; i < 32; i += 4)
        print(LINE "x%-2u %016lx  x%-2u %016lx  x%-2u %016lx  x%-2u %016lx\n", i, x[i], i + 1,
              x[i + 1], i + 2, x[i + 2], i + 3, x[i + 3]);
}

void crash_print(const struct vm *vm)
{
    static const struct explain_listener listener = {.line = print_sentence};
    const struct vm_crash *crash = &vm->crash;

    if (!crash->trap.insn_len)
        return;
    print_trap(vm);
    crash_explain(vm, &listener);
    walk_draw(&crash->walk, &vm->gstage, false, print_line, NULL);
    print_backtrace(&crash->backtrace);
    print_registers(crash->x);
    for (unsigned i = crash->exit_count; i-- > 0;)
        print(LINE "exit %u, at pc 0x%lx: %s; stval 0x%lx\n", i, crash->exits[i].pc,
              cause_name(crash->exits[i].scause), crash->exits[i].stval);
}
