/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Observers of exits: statistics and traces. Stands between sched/run.c and exit.c for vCPUs that
 * are observed.
 */
#include "exit/exit_observe.h"

#include "exit/exit_stats.h"
#include "trace/trace.h"
#include "vcpu/exit_counts.h"
#include "vcpu/vscsr.h"

void exit_observe_update(struct vcpu *vcpu)
{
    __atomic_store_n(&vcpu->is_observed, vcpu->counts || trace_wants_exits(), __ATOMIC_RELAXED);
}

/* What is not inlined here is apart so that what is common needs no stack. */

/* A call's arguments are looked at before the answer stands in their place. */
__attribute__((noinline)) static enum exit_verdict handle_call(struct vcpu *vcpu, struct trap *trap)
{
    const uint64_t *x = vcpu->regs.x;
    uint64_t extension = x[REG_A7], function = x[REG_A6], a0 = x[REG_A0], a1 = x[REG_A1];
    enum exit_verdict verdict = exit_handle(vcpu, trap);

    trace_sbi(vcpu->who, extension, function, a0, a1, x[REG_A0], x[REG_A1]);
    return verdict;
}

/* What the handler decided: exit_handle has moved pc, and says EXIT_RESUME for all that enters. */
static enum exit_verdict decided(const struct vcpu *vcpu, const struct trap *trap,
                                 enum exit_verdict verdict)
{
    if (verdict != EXIT_RESUME || vcpu->regs.sepc == trap->pc)
        return verdict;
    return vcpu->regs.sepc == trap->pc + trap->insn_len ? EXIT_ADVANCE : EXIT_INJECT;
}

static inline enum exit_verdict handle(struct vcpu *vcpu, struct trap *trap)
{
    if (trap->scause == CAUSE_ECALL_VS && trace_wants(TRACE_SBI))
        return handle_call(vcpu, trap);
    return exit_take(vcpu, trap);
}

__attribute__((noinline)) static enum exit_verdict record(struct vcpu *vcpu, struct trap *trap)
{
    struct trace_record *open = trace_exit_begin(vcpu->who);
    enum exit_verdict verdict = handle(vcpu, trap);

    trace_exit_end(open, decided(vcpu, trap, verdict), trap);
    return verdict;
}

static inline enum exit_verdict trace(struct vcpu *vcpu, struct trap *trap)
{
    return trace_wants(TRACE_EXIT) ? record(vcpu, trap) : handle(vcpu, trap);
}

__attribute__((noinline)) static enum exit_verdict count(struct vcpu *vcpu, struct trap *trap)
{
    struct exit_count *row = exit_stats_row(vcpu, trap);
    uint64_t start = vscsr_time();
    enum exit_verdict verdict = trace(vcpu, trap);

    row->count++;
    row->ticks += vscsr_time() - start;
    return verdict;
}

enum exit_verdict exit_observe(struct vcpu *vcpu, struct trap *trap)
{
    return vcpu->counts ? count(vcpu, trap) : trace(vcpu, trap);
}
