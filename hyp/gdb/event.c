/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vCPU's last trap tells. Loads and stores beside what is watched are made here, as they may be
 * many; all else that meets a watched page is stepped over (traffic.c).
 */
#include "gdb/event.h"

#include "gdb/memory.h"
#include "riscv/flow.h"
#include "riscv/insn.h"
#include "vcpu/inject.h"

#define BLOCK_SIZE 64 /* of cbo.zero, and no less than a vector of 512 bits */

/* By its physical place, as code may be mapped twice. */
static enum event_kind read_breakpoint(struct vcpu *vcpu, const struct trap *trap,
                                       struct debug_point *point)
{
    gva_t pc = vcpu->regs.sepc;
    gpa_t gpa;

    if (memory_translate(vcpu, pc, &gpa) == 0 && debug_point_find_code(vcpu->vm, gpa, point))
        return EVENT_BREAK;
    vcpu_inject(vcpu, &(struct exception){.cause = CAUSE_BREAKPOINT, .tval = trap->stval});
    return EVENT_DONE;
}

/* An access of `size` bytes at `gpa`; all that is not a plain load or store may be more than the
 * trap tells. */
struct access {
    gpa_t gpa;
    uint64_t size;
    bool is_store;
    struct insn insn;
    enum flow_kind flow;
};

static struct access access_of(const struct vcpu *vcpu, const struct trap *trap)
{
    struct access access = {.gpa = trap_gpa(trap),
                            .is_store = trap->scause == CAUSE_STORE_GUEST_PAGE_FAULT};
    uint32_t word;

    if (memory_insn(vcpu, vcpu->regs.sepc, &word) > 0) {
        access.insn = insn_decode(word);
        access.flow = flow_decode(word, vcpu->regs.sepc, vcpu->regs.x).kind;
    }
    access.size = access.insn.width;
    if (access.insn.kind == INSN_AMO) {
        access.gpa = align_down(access.gpa, sizeof(uint64_t));
        access.size = sizeof(uint64_t);
    } else if (access.size == 0) {
        access.gpa = align_down(access.gpa, BLOCK_SIZE);
        access.size = BLOCK_SIZE;
    }
    return access;
}

static bool is_read_too(const struct access *access)
{
    return !access->is_store || access->insn.kind == INSN_AMO;
}

/* What an LR reads its SC will write, and these two are one step: gdb/step.h. */
static bool is_watched(const struct vcpu *vcpu, const struct access *access,
                       struct debug_point *point)
{
    uint64_t kinds = BIT(DEBUG_ACCESS);

    if (access->is_store || access->flow == FLOW_LR)
        kinds |= BIT(DEBUG_WRITE);
    if (is_read_too(access))
        kinds |= BIT(DEBUG_READ);
    return debug_point_find_watch(vcpu->vm, access->gpa, access->size, kinds, point);
}

/* False where it is no plain load or store within its page. */
static bool make_access(struct vcpu *vcpu, const struct access *access)
{
    const struct gstage *gstage = &vcpu->vm->gstage;
    const struct insn *insn = &access->insn;
    uint64_t raw = 0;

    if (access->size > sizeof(raw) || !is_aligned(access->gpa, access->size))
        return false;
    if (insn->kind == INSN_LOAD && !access->is_store) {
        if (guest_mem_read(gstage, access->gpa, &raw, access->size))
            return false;
        if (insn->reg != REG_ZERO)
            vcpu->regs.x[insn->reg] = insn_extend(insn, raw);
    } else if (insn->kind == INSN_STORE && access->is_store) {
        if (guest_mem_write(gstage, access->gpa, &vcpu->regs.x[insn->reg], access->size))
            return false;
    } else {
        return false;
    }
    vcpu->regs.sepc += insn->length;
    return true;
}

/* Where the trap is not about the address that the instruction names, but about a table that leads
 * there, it is not an access that GDB asked for. */
static enum event_kind read_fault(struct vcpu *vcpu, const struct trap *trap,
                                  struct debug_point *point)
{
    struct access access = access_of(vcpu, trap);
    gpa_t gpa;

    if (memory_translate(vcpu, trap->stval, &gpa) || gpa != trap_gpa(trap))
        return EVENT_PASS;
    if (access.flow == FLOW_SC) { /* it will fail, and the guest comes back to its LR */
        debug_point_meet_loads(vcpu->vm, access.gpa);
        return EVENT_PASS;
    }
    if (is_watched(vcpu, &access, point))
        return EVENT_WATCH;
    return make_access(vcpu, &access) ? EVENT_DONE : EVENT_PASS;
}

enum event_kind event_read(struct vcpu *vcpu, struct debug_point *point)
{
    const struct trap *trap = vcpu_trap_back(vcpu, 0);

    if (trap && trap->scause == CAUSE_BREAKPOINT)
        return read_breakpoint(vcpu, trap, point);
    return trap ? read_fault(vcpu, trap, point) : EVENT_PASS;
}
