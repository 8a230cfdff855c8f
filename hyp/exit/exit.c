/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From cause to handler, and what becomes of the verdict. The only file that moves a guest's pc.
 * Comes after vcpu/enter.S; the next stop is the handler's file.
 */
#include "exit/exit.h"

#include "trace/trace.h"
#include "vcpu/inject.h"
#include "vcpu/vscsr.h"

typedef enum exit_verdict (*exit_handler_t)(struct vcpu *vcpu, struct trap *trap);

/* What is delegated to the guest comes here too when the firmware keeps it from us, or the hart
 * cannot delegate it: it is reflected. Priv 21.6.1 (Trap Cause Codes). */
static const exit_handler_t handlers[CAUSE_COUNT] = {
    [CAUSE_INSN_MISALIGNED] = exit_reflect,
    [CAUSE_INSN_ACCESS_FAULT] = exit_reflect,
    [CAUSE_ILLEGAL_INSN] = exit_reflect,
    [CAUSE_BREAKPOINT] = exit_breakpoint,
    [CAUSE_LOAD_MISALIGNED] = exit_reflect,
    [CAUSE_LOAD_ACCESS_FAULT] = exit_reflect,
    [CAUSE_STORE_MISALIGNED] = exit_reflect,
    [CAUSE_STORE_ACCESS_FAULT] = exit_reflect,
    [CAUSE_ECALL_U] = exit_reflect,
    [CAUSE_ECALL_S] = exit_unexpected,
    [CAUSE_ECALL_VS] = exit_ecall,
    [CAUSE_ECALL_M] = exit_unexpected,
    [CAUSE_INSN_PAGE_FAULT] = exit_reflect,
    [CAUSE_LOAD_PAGE_FAULT] = exit_reflect,
    [CAUSE_RESERVED_14] = exit_unexpected,
    [CAUSE_STORE_PAGE_FAULT] = exit_reflect,
    [CAUSE_DOUBLE_TRAP] = exit_unexpected,
    [CAUSE_RESERVED_17] = exit_unexpected,
    [CAUSE_SOFTWARE_CHECK] = exit_reflect,
    [CAUSE_HARDWARE_ERROR] = exit_unexpected,
    [CAUSE_INSN_GUEST_PAGE_FAULT] = exit_fetch_fault,
    [CAUSE_LOAD_GUEST_PAGE_FAULT] = exit_load_fault,
    [CAUSE_VIRTUAL_INSN] = exit_virtual_insn,
    [CAUSE_STORE_GUEST_PAGE_FAULT] = exit_store_fault,
};

static exit_handler_t find_handler(uint64_t scause)
{
    return __builtin_expect(scause < CAUSE_COUNT, true) ? handlers[scause] : exit_unexpected;
}

static void inject(struct vcpu *vcpu)
{
    uint64_t pc = vcpu->regs.sepc;

    pmu_count_exception(&vcpu->pmu, vcpu->inject.cause);
    vscsr_save_trap(vcpu);
    vcpu_inject(vcpu, &vcpu->inject);
    vscsr_load_trap(vcpu);
    trace_inject(vcpu->who, vcpu->inject.cause, pc, vcpu->inject.tval, vcpu->regs.sepc);
}

enum exit_verdict exit_handle(struct vcpu *vcpu, struct trap *trap)
{
    enum exit_verdict verdict = find_handler(trap->scause)(vcpu, trap);

    if (verdict == EXIT_ADVANCE || verdict == EXIT_WAIT || verdict == EXIT_PASS)
        vcpu->regs.sepc += trap->insn_len;
    if (verdict == EXIT_ADVANCE)
        return EXIT_RESUME;
    if (verdict != EXIT_INJECT)
        return verdict;
    inject(vcpu);
    return EXIT_RESUME;
}
