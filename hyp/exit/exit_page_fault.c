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
#include "vcpu/fetch.h"
#include "vcpu/vscsr.h"
#include "vm/vm.h"

/* "Addr. Offset" of a transformed instruction: nonzero where the access began before the address
 * that faulted. Priv 21.6.3 (Transformed Instruction or Pseudoinstruction for mtinst or htinst) */
#define HTINST_OFFSET BITS(19, 15)

/* The access fault that the real board gives where nothing answers. */
static enum exit_verdict refuse(struct vcpu *vcpu, const struct trap *trap)
{
    static const uint8_t access_fault[] = {
        [CAUSE_INSN_GUEST_PAGE_FAULT] = CAUSE_INSN_ACCESS_FAULT,
        [CAUSE_LOAD_GUEST_PAGE_FAULT] = CAUSE_LOAD_ACCESS_FAULT,
        [CAUSE_STORE_GUEST_PAGE_FAULT] = CAUSE_STORE_ACCESS_FAULT,
    };

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

/* The instruction, from htinst where it says something, else from guest memory. */
static enum fetch_result find_insn(struct vcpu *vcpu, const struct trap *trap, struct insn *insn)
{
    enum fetch_result result;
    uint32_t word;

    if (insn_decode_htinst(trap->htinst, insn))
        return FETCH_OK;
    result = fetch_insn(vcpu, &word, &vcpu->inject);
    if (result == FETCH_OK)
        *insn = insn_decode(word);
    return result;
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

static bool emulate(struct vcpu *vcpu, const struct trap *trap, gpa_t gpa, const struct insn *insn)
{
    if (trap->scause == CAUSE_LOAD_GUEST_PAGE_FAULT && insn->kind == INSN_LOAD)
        return emulate_load(vcpu, gpa, insn);
    if (trap->scause == CAUSE_STORE_GUEST_PAGE_FAULT && insn->kind == INSN_STORE)
        return bus_write(&vcpu->vm->bus, gpa, insn->width, vcpu->regs.x[insn->reg]);
    return false;
}

/* Simplified: htval is taken as the address; a hart that leaves it 0 (no Shtvala) would need a
 * walk of the guest's own tables here. */
enum exit_verdict exit_page_fault(struct vcpu *vcpu, struct trap *trap)
{
    gpa_t gpa = trap->htval << 2 | (trap->stval & 3);
    struct insn insn;

    if (is_lost(vcpu, trap)) {
        vm_crash(vcpu, trap, "its trap handler cannot be fetched");
        return EXIT_HALT;
    }
    /* A fetch, or a walk whose page table lies outside RAM, is never for a device. */
    if (trap->scause == CAUSE_INSN_GUEST_PAGE_FAULT || insn_htinst_is_walk(trap->htinst))
        return refuse(vcpu, trap);

    switch (find_insn(vcpu, trap, &insn)) {
    case FETCH_RETRY:
        return EXIT_RESUME;
    case FETCH_FAULT:
        return EXIT_INJECT;
    case FETCH_OK:
        break;
    }
    if (field_get(HTINST_OFFSET, trap->htinst) || !emulate(vcpu, trap, gpa, &insn))
        return refuse(vcpu, trap);
    trap->insn_len = insn.length;
    return EXIT_ADVANCE;
}
