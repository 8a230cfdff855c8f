/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where can this instruction lead? To nowhere else than its flow says (riscv/flow.h), or, by an
 * exception, to the base of stvec: Priv 12.1.2 (stvec).
 */
#include "gdb/step.h"

#include "gdb/memory.h"
#include "riscv/csr.h"
#include "riscv/csr_num.h"
#include "riscv/flow.h"
#include "riscv/insn.h"
#include "vm/debug_point.h"

#define INSN_ECALL   0x00000073
#define SEQUENCE_MAX 16 /* instructions, as of a constrained LR/SC loop. Unpriv, "Zalrsc" */
#define SIE_MASK     (SIP_SSIP | SIP_STIP | SIP_SEIP)

/* Its branches, what is behind it, and the trap handler. */
_Static_assert(SEQUENCE_MAX + 2 <= DEBUG_STEPS_MAX, "each has a place");

static bool is_masked; /* sie is 0 for the step */
static uint64_t sie;   /* what it was */

/* A place where the vCPU will stop; one that is not mapped cannot be reached. Where the step
 * begins, it would not leave. */
static void stop_at(struct vcpu *vcpu, gva_t gva)
{
    gpa_t gpa;

    if (gva != vcpu->regs.sepc && memory_translate(vcpu, gva, &gpa) == 0)
        debug_point_add(vcpu->vm, DEBUG_STEP, gva, gpa, 0);
}

static void set_register(struct vcpu *vcpu, unsigned number, uint64_t value)
{
    if (number != REG_ZERO)
        vcpu->regs.x[number] = value;
}

static void jump(struct vcpu *vcpu, const struct flow *flow)
{
    set_register(vcpu, flow->link, vcpu->regs.sepc + flow->length);
    vcpu->regs.sepc = flow->target;
}

/* Priv 12.1.1 (sstatus), 21.2.1 (hstatus): whom the next entry goes on as stands in our own. */
static void return_from_trap(struct vcpu *vcpu)
{
    uint64_t *vsstatus = &vcpu->csrs.vsstatus;
    uint64_t spp = field_get(SSTATUS_SPP, *vsstatus), spie = field_get(SSTATUS_SPIE, *vsstatus);

    vcpu->regs.sepc = vcpu->csrs.vsepc;
    vcpu->regs.sstatus = field_set(SSTATUS_SPP, vcpu->regs.sstatus, spp);
    vcpu->regs.hstatus = field_set(HSTATUS_SPVP, vcpu->regs.hstatus, spp);
    *vsstatus = field_set(SSTATUS_SIE, *vsstatus, spie);
    *vsstatus = field_set(SSTATUS_SPIE, *vsstatus, 1);
    *vsstatus = field_set(SSTATUS_SPP, *vsstatus, 0);
}

/* What would see that sie is 0. */
static void access_sie(struct vcpu *vcpu, const struct insn *insn)
{
    uint64_t old = vcpu->csrs.vsie;
    uint64_t source = insn->csr_is_immediate ? insn->csr_source : vcpu->regs.x[insn->csr_source];

    if (insn->csr_op == INSN_CSR_WRITE)
        vcpu->csrs.vsie = source & SIE_MASK;
    else if (insn->csr_op == INSN_CSR_SET)
        vcpu->csrs.vsie |= source & SIE_MASK;
    else
        vcpu->csrs.vsie &= ~source;
    set_register(vcpu, insn->reg, old);
    vcpu->regs.sepc += insn->length;
}

/* True where nothing is left to be run. */
static bool emulate(struct vcpu *vcpu, const struct flow *flow, uint32_t word)
{
    struct insn insn = insn_decode(word);
    bool is_kernel = !vcpu_was_user(vcpu);

    if (flow->kind == FLOW_JUMP)
        jump(vcpu, flow);
    else if (flow->kind == FLOW_SRET && is_kernel)
        return_from_trap(vcpu);
    else if (flow->kind == FLOW_WFI && is_kernel)
        vcpu->regs.sepc += flow->length;
    else if (insn.kind == INSN_CSR && insn.csr == CSR_NUM_SIE && is_kernel)
        access_sie(vcpu, &insn);
    else
        return false;
    return true;
}

/* The length of the sequence that LR begins, up to behind its SC; 0 where none is in sight. */
static uint64_t sequence_length(const struct vcpu *vcpu, gva_t start)
{
    gva_t at = start;
    uint32_t word;

    for (unsigned i = 0; i < SEQUENCE_MAX; i++) {
        unsigned length = memory_insn(vcpu, at, &word);

        if (length == 0)
            return 0;
        at += length;
        if (flow_decode(word, at, vcpu->regs.x).kind == FLOW_SC)
            return at - start;
    }
    return 0;
}

/* Behind the sequence, and where branches lead out of it. */
static void stop_after_sequence(struct vcpu *vcpu, gva_t start, uint64_t size)
{
    gva_t target;
    uint32_t word;

    for (gva_t at = start; at - start < size; at += memory_insn(vcpu, at, &word)) {
        if (memory_insn(vcpu, at, &word) == 0)
            return;
        if (flow_is_branch(word, at, &target) && target - start >= size)
            stop_at(vcpu, target);
    }
    stop_at(vcpu, start + size);
}

static void plan(struct vcpu *vcpu, const struct flow *flow)
{
    gva_t pc = vcpu->regs.sepc;
    uint64_t size = flow->kind == FLOW_LR ? sequence_length(vcpu, pc) : 0;

    if (size > 0)
        stop_after_sequence(vcpu, pc, size);
    else
        stop_at(vcpu, pc + flow->length);
}

static void mask_interrupts(struct vcpu *vcpu, uint32_t word)
{
    if (word == INSN_ECALL && !vcpu_was_user(vcpu) && vcpu->regs.x[REG_A7] == SBI_EXT_HSM)
        return;
    is_masked = true;
    sie = vcpu->csrs.vsie;
    vcpu->csrs.vsie = 0;
}

bool step_begin(struct vcpu *vcpu)
{
    struct flow flow = {.kind = FLOW_ON};
    uint32_t word = 0;

    is_masked = false;
    if (__atomic_load_n(&vcpu->hsm_state, __ATOMIC_SEQ_CST) != SBI_HSM_STARTED)
        return true;
    if (memory_insn(vcpu, vcpu->regs.sepc, &word) > 0) {
        flow = flow_decode(word, vcpu->regs.sepc, vcpu->regs.x);
        if (emulate(vcpu, &flow, word))
            return true;
        plan(vcpu, &flow);
    }
    stop_at(vcpu, vcpu->csrs.vstvec & STVEC_BASE);
    mask_interrupts(vcpu, word);
    return false;
}

void step_end(struct vcpu *vcpu)
{
    debug_point_remove_all(vcpu->vm, BIT(DEBUG_STEP));
    if (is_masked)
        vcpu->csrs.vsie = sie;
    is_masked = false;
}
