/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest-page faults: the guest touched a guest physical address that its G-stage table does not
 * map. A load or store may mean a device; anything else is an access fault for the guest.
 * The next stop is dev/bus.c.
 * Simplified: htval is taken as the address; a hart that leaves it 0 (no Shtvala) would need a walk
 * of the guest's own tables here.
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
static bool is_lost(struct vcpu *vcpu)
{
    if (vcpu_was_user(vcpu))
        return false;
    vscsr_save_trap(vcpu);
    return vcpu->regs.sepc == (vcpu->csrs.vstvec & STVEC_BASE);
}

/* A fetch is never for a device. */
enum exit_verdict exit_fetch_fault(struct vcpu *vcpu, struct trap *trap)
{
    if (!is_lost(vcpu))
        return refuse(vcpu, trap);
    vm_crash(vcpu, trap, "its trap handler cannot be fetched");
    return EXIT_HALT;
}

/* The access is over: the value is in its register, also where it was stored. Which device it was,
 * the bus mostly still knows. Not inlined, as mostly nobody wants to know. */
static __attribute__((noinline)) void note(const struct vcpu *vcpu, const struct trap *trap,
                                           const struct insn *insn, bool is_there)
{
    unsigned detail = insn->width | (insn->kind == INSN_STORE ? TRACE_MMIO_WRITE : 0) |
                      (is_there ? 0 : TRACE_MMIO_NONE);
    const struct bus *bus = &vcpu->vm->bus;
    gpa_t gpa = trap_gpa(trap);
    const struct vdev *vdev = bus_recent(bus, gpa);

    trace_mmio(vcpu->who, detail, gpa, vcpu->regs.x[insn->reg],
               vdev ? vdev->place : bus_index(bus, gpa));
}

static inline enum exit_verdict conclude(struct vcpu *vcpu, struct trap *trap,
                                         const struct insn *insn, bool is_there)
{
    if (trace_wants(TRACE_MMIO))
        note(vcpu, trap, insn, is_there);
    if (!is_there)
        return refuse(vcpu, trap);
    trap->insn_len = insn->length;
    return EXIT_ADVANCE;
}

/* Where htinst does not tell the instruction: EXIT_ADVANCE with *insn from guest memory. */
static enum exit_verdict fetch(struct vcpu *vcpu, const struct trap *trap, struct insn *insn)
{
    uint32_t word;

    /* A walk whose page table lies outside RAM is never for a device. */
    if (insn_htinst_is_walk(trap->htinst))
        return refuse(vcpu, trap);
    switch (fetch_insn(vcpu, &word, &vcpu->inject)) {
    case FETCH_RETRY:
        return EXIT_RESUME;
    case FETCH_FAULT:
        return EXIT_INJECT;
    case FETCH_OK:
        break;
    }
    *insn = insn_decode(word);
    return EXIT_ADVANCE;
}

/* EXIT_ADVANCE with access->insn where a device may be asked: for the whole of an integer load or
 * store, whichever the cause says. Kept for the next time is only what htinst told. */
static __attribute__((noinline)) enum exit_verdict
decode(struct vcpu *vcpu, struct trap *trap, struct vcpu_access *access, enum insn_kind wanted)
{
    struct insn *insn = &access->insn;
    bool is_told = insn_decode_htinst(trap->htinst, insn);
    bool is_whole = !is_told || field_get(HTINST_OFFSET, trap->htinst) == 0;

    access->htinst = 0;
    if (!is_told) {
        enum exit_verdict verdict = fetch(vcpu, trap, insn);
        if (verdict != EXIT_ADVANCE)
            return verdict;
    }
    if (insn->kind != wanted || !is_whole)
        return conclude(vcpu, trap, insn, false);
    if (is_told)
        access->htinst = trap->htinst;
    return EXIT_ADVANCE;
}

/* A driver's loop makes one and the same access: mostly it is decoded already. */
enum exit_verdict exit_load_fault(struct vcpu *vcpu, struct trap *trap)
{
    struct vcpu_access *access = &vcpu->load;
    const struct insn *insn = &access->insn;
    uint64_t raw;
    bool is_there;

    if (!trap->htinst || trap->htinst != access->htinst) {
        enum exit_verdict verdict = decode(vcpu, trap, access, INSN_LOAD);
        if (verdict != EXIT_ADVANCE)
            return verdict;
    }
    is_there = bus_read(&vcpu->vm->bus, trap_gpa(trap), insn->width, &raw);
    if (is_there && insn->reg != REG_ZERO)
        vcpu->regs.x[insn->reg] = insn_extend(insn, raw);
    return conclude(vcpu, trap, insn, is_there);
}

enum exit_verdict exit_store_fault(struct vcpu *vcpu, struct trap *trap)
{
    struct vcpu_access *access = &vcpu->store;
    const struct insn *insn = &access->insn;
    bool is_there;

    if (!trap->htinst || trap->htinst != access->htinst) {
        enum exit_verdict verdict = decode(vcpu, trap, access, INSN_STORE);
        if (verdict != EXIT_ADVANCE)
            return verdict;
    }
    is_there = bus_write(&vcpu->vm->bus, trap_gpa(trap), insn->width, vcpu->regs.x[insn->reg]);
    return conclude(vcpu, trap, insn, is_there);
}
