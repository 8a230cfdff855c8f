/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest-page faults: the guest touched a guest physical address that its G-stage table does not
 * map. A load or store may mean a device; anything else is an access fault for the guest.
 * The next stop is dev/bus.c.
 */
#include "exit/exit.h"

#include "mem/guest_mem.h"
#include "riscv/csr.h"
#include "riscv/insn.h"
#include "trace/trace.h"
#include "vcpu/fetch.h"
#include "vcpu/vscsr.h"
#include "vm/debug.h"

/* "Addr. Offset" of a transformed instruction: nonzero where the access began before the address
 * that faulted. Priv 21.6.3 (Transformed Instruction or Pseudoinstruction for mtinst or htinst) */
#define HTINST_OFFSET BITS(19, 15)

/* The access fault that the real board gives where nothing answers. But a debugger may watch. */
static enum exit_verdict refuse(struct vcpu *vcpu, const struct trap *trap)
{
    static const uint8_t access_fault[] = {
        [CAUSE_INSN_GUEST_PAGE_FAULT] = CAUSE_INSN_ACCESS_FAULT,
        [CAUSE_LOAD_GUEST_PAGE_FAULT] = CAUSE_LOAD_ACCESS_FAULT,
        [CAUSE_STORE_GUEST_PAGE_FAULT] = CAUSE_STORE_ACCESS_FAULT,
    };

    if (debug_stop_watched(vcpu, trap_gpa(trap)))
        return EXIT_HALT;
    vcpu->inject = (struct exception){.cause = access_fault[trap->scause], .tval = trap->stval};
    return EXIT_INJECT;
}

/* The guest cannot fetch its own trap handler: all it could be told is another trap, for ever. */
static bool is_lost(struct vcpu *vcpu, const struct trap *trap)
{
    if (trap->scause != CAUSE_INSN_GUEST_PAGE_FAULT || vcpu_was_user(vcpu))
        return false;
    vscsr_save_trap(vcpu);
    return vcpu->regs.sepc == (vcpu->csrs.vstvec & STVEC_BASE);
}

static bool emulate_load(struct vcpu *vcpu, gpa_t gpa, const struct insn *insn)
{
    uint64_t raw;

    if (!bus_read(&vcpu->vm->bus, gpa, insn->width, &raw))
        return false;
    if (insn->reg != REG_ZERO)
        vcpu->regs.x[insn->reg] = insn_extend(insn, raw);
    return true;
}

static bool emulate(struct vcpu *vcpu, const struct trap *trap, const struct insn *insn)
{
    gpa_t gpa = trap_gpa(trap);

    if (trap->scause == CAUSE_LOAD_GUEST_PAGE_FAULT && insn->kind == INSN_LOAD)
        return emulate_load(vcpu, gpa, insn);
    if (trap->scause == CAUSE_STORE_GUEST_PAGE_FAULT && insn->kind == INSN_STORE)
        return bus_write(&vcpu->vm->bus, gpa, insn->width, vcpu->regs.x[insn->reg]);
    return false;
}

/* The access is over: the value is in its register, also where it was stored. Which device it was,
 * the bus mostly still knows. */
static void note(const struct vcpu *vcpu, const struct trap *trap, const struct insn *insn,
                 bool is_there)
{
    unsigned detail = insn->width | (insn->kind == INSN_STORE ? TRACE_MMIO_WRITE : 0) |
                      (is_there ? 0 : TRACE_MMIO_NONE);
    const struct bus *bus = &vcpu->vm->bus;
    gpa_t gpa = trap_gpa(trap);
    const struct vdev *vdev = bus_recent(bus, gpa);

    trace_mmio(vcpu->who, detail, gpa, vcpu->regs.x[insn->reg],
               vdev ? vdev->place : bus_index(bus, gpa));
}

/* Where htinst tells no instruction. True with *insn from guest memory, where that is to be asked;
 * else the verdict is there already. */
static bool fetch_access(struct vcpu *vcpu, struct trap *trap, struct insn *insn,
                         enum exit_verdict *verdict)
{
    uint32_t word;

    if (is_lost(vcpu, trap)) {
        vm_crash(vcpu, trap, "its trap handler cannot be fetched");
        *verdict = EXIT_HALT;
        return false;
    }
    /* A fetch, or a walk whose page table lies outside RAM, is never for a device. */
    if (trap->scause == CAUSE_INSN_GUEST_PAGE_FAULT || insn_htinst_is_walk(trap->htinst)) {
        *verdict = refuse(vcpu, trap);
        return false;
    }
    switch (fetch_insn(vcpu, &word, &vcpu->inject)) {
    case FETCH_RETRY:
        *verdict = EXIT_RESUME;
        return false;
    case FETCH_FAULT:
        *verdict = EXIT_INJECT;
        return false;
    case FETCH_OK:
        break;
    }
    *insn = insn_decode(word);
    return true;
}

/* Simplified: htval is taken as the address; a hart that leaves it 0 (no Shtvala) would need a
 * walk of the guest's own tables here. */
enum exit_verdict exit_page_fault(struct vcpu *vcpu, struct trap *trap)
{
    enum exit_verdict verdict;
    struct insn insn;
    bool is_there;

    if (!insn_decode_htinst(trap->htinst, &insn) && !fetch_access(vcpu, trap, &insn, &verdict))
        return verdict;
    is_there = field_get(HTINST_OFFSET, trap->htinst) == 0 && emulate(vcpu, trap, &insn);
    if (trace_wants(TRACE_MMIO))
        note(vcpu, trap, &insn, is_there);
    if (!is_there)
        return refuse(vcpu, trap);
    trap->insn_len = insn.length;
    return EXIT_ADVANCE;
}
