/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The start states of a vCPU, and its archive.
 */
#include "vcpu/vcpu.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "riscv/caps.h"
#include "riscv/csr.h"
#include "vcpu/fpu.h"

_Static_assert(offsetof(struct vcpu, regs) == 0, "a vcpu's address is its registers'");
_Static_assert(offsetof(struct vcpu_regs, x) == 0, "register n lives at 8n");
_Static_assert(offsetof(struct vcpu_regs, sepc) == VCPU_REGS_SEPC, "layout");
_Static_assert(offsetof(struct vcpu_regs, sstatus) == VCPU_REGS_SSTATUS, "layout");
_Static_assert(offsetof(struct vcpu_regs, hstatus) == VCPU_REGS_HSTATUS, "layout");
_Static_assert(offsetof(struct vcpu_regs, host_sp) == VCPU_REGS_HOST_SP, "layout");
_Static_assert(offsetof(struct vcpu_regs, host_tp) == VCPU_REGS_HOST_TP, "layout");
_Static_assert(offsetof(struct trap, scause) == TRAP_SCAUSE, "layout");
_Static_assert(offsetof(struct trap, stval) == TRAP_STVAL, "layout");
_Static_assert(offsetof(struct trap, htval) == TRAP_HTVAL, "layout");
_Static_assert(offsetof(struct trap, htinst) == TRAP_HTINST, "layout");
_Static_assert(offsetof(struct trap, insn_len) == TRAP_INSN_LEN, "layout");
_Static_assert(offsetof(struct trap, pc) == TRAP_PC, "layout");
_Static_assert(sizeof(struct trap) == TRAP_SIZE, "layout");
_Static_assert(offsetof(struct vcpu, traps_at) == VCPU_TRAPS_AT, "layout");
_Static_assert(offsetof(struct vcpu, traps) == VCPU_TRAPS, "layout");
_Static_assert(offsetof(struct vcpu_fp, f) == 0, "layout");
_Static_assert(offsetof(struct vcpu_vector, vstart) == VCPU_VECTOR_VSTART, "layout");
_Static_assert(offsetof(struct vcpu_vector, vcsr) == VCPU_VECTOR_VCSR, "layout");
_Static_assert(offsetof(struct vcpu_vector, vl) == VCPU_VECTOR_VL, "layout");
_Static_assert(offsetof(struct vcpu_vector, vtype) == VCPU_VECTOR_VTYPE, "layout");
_Static_assert(offsetof(struct vcpu_vector, registers) == VCPU_VECTOR_REGISTERS, "layout");

/* Every exception that a guest can cause for itself, where the hart can delegate it. Priv 21.2.2
 * (hedeleg and hideleg). */
#define HEDELEG_WANTED                                                                             \
    (BIT(CAUSE_INSN_MISALIGNED) | BIT(CAUSE_INSN_ACCESS_FAULT) | BIT(CAUSE_ILLEGAL_INSN) |         \
     BIT(CAUSE_BREAKPOINT) | BIT(CAUSE_LOAD_MISALIGNED) | BIT(CAUSE_LOAD_ACCESS_FAULT) |           \
     BIT(CAUSE_STORE_MISALIGNED) | BIT(CAUSE_STORE_ACCESS_FAULT) | BIT(CAUSE_ECALL_U) |            \
     BIT(CAUSE_INSN_PAGE_FAULT) | BIT(CAUSE_LOAD_PAGE_FAULT) | BIT(CAUSE_STORE_PAGE_FAULT))

#define COUNTEREN_ALL (HCOUNTEREN_CY | HCOUNTEREN_TM | HCOUNTEREN_IR)

/* CBO.INVAL flushes: a guest that could drop dirty lines would see what was in the page before
 * it was scrubbed. Priv 21.2.5 (henvcfg), CBIE = 1. */
static uint64_t henvcfg_wanted(void)
{
    uint64_t wanted = HENVCFG_STCE | HENVCFG_PBMTE | HENVCFG_ADUE | HENVCFG_CBZE | HENVCFG_CBCFE;

    return field_set(HENVCFG_CBIE, wanted, 1) & caps.henvcfg_mask;
}

void vcpu_reset(struct vcpu *vcpu)
{
    memset(&vcpu->regs, 0, sizeof(vcpu->regs));
    memset(&vcpu->csrs, 0, sizeof(vcpu->csrs));

    vcpu->regs.sstatus = SSTATUS_SPP | field_set(SSTATUS_UXL, 0, SSTATUS_UXL_64);
    fpu_reset(vcpu);
    vcpu->regs.hstatus = HSTATUS_SPV | HSTATUS_SPVP | field_set(HSTATUS_VSXL, 0, HSTATUS_VSXL_64);

    vcpu->csrs.vsstatus = field_set(SSTATUS_UXL, 0, SSTATUS_UXL_64);
    vcpu->csrs.vstimecmp = UINT64_MAX;
    vcpu->csrs.scounteren = COUNTEREN_ALL;
    vcpu_take_breakpoints(vcpu, vcpu->debug.takes_breakpoints);
    vcpu->csrs.hideleg = HVIP_ALL;
    vcpu->csrs.henvcfg = henvcfg_wanted();
    vcpu->csrs.hcounteren = HCOUNTEREN_TM; /* cycle and instret of the hart are not the vCPU's */
    vcpu->csrs.hstateen0 = (HSTATEEN0_SE0 | HSTATEEN0_ENVCFG) & caps.hstateen0_mask;

    memset(vcpu->traps, 0, sizeof(vcpu->traps));
    pmu_reset(&vcpu->pmu);
    vcpu->steal = (struct vcpu_steal){.gpa = VCPU_STEAL_NOWHERE};

    vcpu->requests = 0;
    vcpu->pending = (struct vcpu_pending){0};
    vcpu->fence = (struct vcpu_fence){0};
    vcpu->in_guest = 0;
    vcpu->hsm_state = SBI_HSM_STOPPED;
    vcpu->mail_next = NULL;
    vcpu->device_deadline = UINT64_MAX;
    vcpu->resumes_at_start = false;
    /* Last: from here others may send it mail. */
    __atomic_store_n(&vcpu->is_blocked, 1, __ATOMIC_SEQ_CST);
}

void vcpu_take_breakpoints(struct vcpu *vcpu, bool takes)
{
    uint64_t wanted = takes ? HEDELEG_WANTED & ~BIT(CAUSE_BREAKPOINT) : HEDELEG_WANTED;

    vcpu->debug.takes_breakpoints = takes;
    vcpu->csrs.hedeleg = wanted & caps.hedeleg_mask;
    vcpu->environment = takes ? VCPU_ENVIRONMENT_BREAKPOINTS : VCPU_ENVIRONMENT_USUAL;
}

void vcpu_start(struct vcpu *vcpu, uint64_t pc, uint64_t opaque)
{
    memset(vcpu->regs.x, 0, sizeof(vcpu->regs.x));
    vcpu->regs.sepc = pc;
    vcpu->regs.x[REG_A0] = vcpu->id;
    vcpu->regs.x[REG_A1] = opaque;
    vcpu->regs.sstatus |= SSTATUS_SPP;
    vcpu->regs.hstatus |= HSTATUS_SPVP;
    vcpu->csrs.vsstatus = field_set(SSTATUS_UXL, 0, SSTATUS_UXL_64);
    vcpu->csrs.vsatp = 0;
    vcpu->csrs.vsie = 0;
    vcpu->csrs.vstimecmp = UINT64_MAX;
    vcpu->csrs.hvip &= HVIP_VSEIP;
    __atomic_store_n(&vcpu->hsm_state, SBI_HSM_STARTED, __ATOMIC_SEQ_CST);
}

const struct trap *vcpu_trap_back(const struct vcpu *vcpu, unsigned back)
{
    const struct trap *trap = &vcpu->traps[(vcpu_exits(vcpu) - 1 - back) % VCPU_TRAPS_COUNT];

    return back < VCPU_TRAPS_COUNT && trap->insn_len ? trap : NULL;
}

bool vcpu_was_user(const struct vcpu *vcpu)
{
    return !(vcpu->regs.sstatus & SSTATUS_SPP);
}

static void archive_csrs(struct vcpu_csrs *csrs, struct archive *archive)
{
    archive_u64(archive, "vsstatus", &csrs->vsstatus);
    archive_u64(archive, "vsie", &csrs->vsie);
    archive_u64(archive, "vstvec", &csrs->vstvec);
    archive_u64(archive, "vsscratch", &csrs->vsscratch);
    archive_u64(archive, "vsepc", &csrs->vsepc);
    archive_u64(archive, "vscause", &csrs->vscause);
    archive_u64(archive, "vstval", &csrs->vstval);
    archive_u64(archive, "vsatp", &csrs->vsatp);
    archive_u64(archive, "vstimecmp", &csrs->vstimecmp);
    archive_u64(archive, "hvip", &csrs->hvip);
    archive_u64(archive, "scounteren", &csrs->scounteren);
    archive_u64(archive, "senvcfg", &csrs->senvcfg);
    archive_u64(archive, "sstateen0", &csrs->sstateen0);
    archive_u64(archive, "hedeleg", &csrs->hedeleg);
    archive_u64(archive, "hideleg", &csrs->hideleg);
    archive_u64(archive, "henvcfg", &csrs->henvcfg);
    archive_u64(archive, "hcounteren", &csrs->hcounteren);
    archive_u64(archive, "hstateen0", &csrs->hstateen0);
}

static void archive_vector(struct vcpu_vector *vector, struct archive *archive)
{
    archive_u64(archive, "vstart", &vector->vstart);
    archive_u64(archive, "vcsr", &vector->vcsr);
    archive_u64(archive, "vl", &vector->vl);
    archive_u64(archive, "vtype", &vector->vtype);
    if (vector->registers)
        archive_bytes(archive, "v", vector->registers, (size_t)32 * caps.vlenb);
}

/* htimedelta, hgatp and steal.since belong to the place where the vCPU runs, not to the vCPU:
 * whoever restores it sets them anew. */
void vcpu_archive(struct vcpu *vcpu, struct archive *archive)
{
    archive_bytes(archive, "x", vcpu->regs.x, sizeof(vcpu->regs.x));
    archive_u64(archive, "sepc", &vcpu->regs.sepc);
    archive_u64(archive, "sstatus", &vcpu->regs.sstatus);
    archive_u64(archive, "hstatus", &vcpu->regs.hstatus);
    archive_csrs(&vcpu->csrs, archive);
    archive_bytes(archive, "f", vcpu->fp.f, sizeof(vcpu->fp.f));
    archive_u64(archive, "fcsr", &vcpu->fp.fcsr);
    archive_vector(&vcpu->vector, archive);
    if (!archive->is_writing)
        fpu_change(vcpu);
    pmu_archive(&vcpu->pmu, archive);
    archive_u64(archive, "steal.gpa", &vcpu->steal.gpa);
    archive_u64(archive, "steal.stolen_ns", &vcpu->steal.stolen_ns);
    archive_u32(archive, "steal.sequence", &vcpu->steal.sequence);
    archive_u64(archive, "requests", &vcpu->requests);
    archive_u64(archive, "pending.changed", &vcpu->pending.changed);
    archive_u64(archive, "pending.level", &vcpu->pending.level);
    archive_u32(archive, "fence.is_taken", &vcpu->fence.is_taken);
    archive_u64(archive, "fence.start", &vcpu->fence.range.start);
    archive_u64(archive, "fence.pages", &vcpu->fence.range.pages);
    archive_u64(archive, "fence.asid", &vcpu->fence.range.asid);
    archive_require(archive, vcpu->fence.range.pages <= VMA_PAGES_MAX);
    archive_u32(archive, "hsm_state", &vcpu->hsm_state);
    archive_u64(archive, "start_pc", &vcpu->start_pc);
    archive_u64(archive, "start_opaque", &vcpu->start_opaque);
    archive_bool(archive, "resumes_at_start", &vcpu->resumes_at_start);
}
