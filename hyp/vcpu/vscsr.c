/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VS CSRs in and out, when another vCPU takes the hart. Hardware. Called by sched/; single CSRs
 * also by exit/exit.c (exceptions) and vcpu/pending.c's callers (interrupts).
 */
#include "vcpu/vscsr.h"

#include "riscv/caps.h"
#include "riscv/csr.h"
#include "riscv/hart.h"
#include "vcpu/fpu.h"
#include "vcpu/fpu_regs.h"
#include "vcpu/usage.h"

/* QEMU raises VSTIP from vstimecmp whatever STCE says, and it is 0 after reset. */
void vscsr_leave(void)
{
    csr_write(hvip, 0);
    csr_write(vsie, 0);
    if (caps.sstc)
        csr_write(vstimecmp, UINT64_MAX);
}

void vscsr_init_hart(void)
{
    csr_write(hedeleg, 0);
    vscsr_leave();
    csr_write(hideleg, 0);
    csr_write(hcounteren, 0);
    /* From now on FS and VS are never Off: what guests enter with is not, and stays. */
    csr_set(sstatus, SSTATUS_FS | (caps.v ? SSTATUS_VS : 0));
    if (caps.aia)
        csr_write(vsiselect, 0);
}

/* Delegation comes first: vsie and vsip are windows that only hideleg opens. Priv 21.2.2 (hedeleg
 * and hideleg), 21.2.12 (vsip and vsie). */
static void load_environment(const struct vcpu_csrs *csrs)
{
    csr_write(hedeleg, csrs->hedeleg);
    csr_write(hideleg, csrs->hideleg);
    csr_write(hcounteren, csrs->hcounteren);
    csr_write(htimedelta, csrs->htimedelta);
    if (caps.hstateen[0])
        csr_write(hstateen0, csrs->hstateen0);
}

/* vsatp is Bare while hgatp and henvcfg change, so that no walk mixes the old guest's tables with
 * the new one's. Priv 21.5.3 (Memory-Management Fences), its last note, names the order. */
static void load_translation(const struct vcpu_csrs *csrs, bool drop_translations)
{
    csr_write(vsatp, 0);
    csr_write(hgatp, csrs->hgatp);
    /* After hgatp: until then the old table could be cached anew under a VMID that is reused. */
    if (drop_translations) {
        hart_hfence_gvma();
        hart_hfence_vvma();
    }
    if (caps.henvcfg)
        csr_write(henvcfg, csrs->henvcfg);
    csr_write(vsatp, csrs->vsatp);
}

/* fcsr, vcsr and vstart after the registers, whose moves change vstart. */
static void load_fp(struct vcpu *vcpu)
{
    fpu_load(vcpu);
    csr_write(fcsr, vcpu->fp.fcsr);
    if (vcpu->vector.registers)
        vector_csrs_load(&vcpu->vector);
}

static void save_fp(struct vcpu *vcpu)
{
    vcpu->fp.fcsr = csr_read(fcsr);
    if (vcpu->vector.registers)
        vector_csrs_save(&vcpu->vector);
    fpu_save(vcpu);
}

static struct pmu_hart read_counters(void)
{
    return (struct pmu_hart){
        .cycle = caps.cycle ? csr_read(cycle) : 0,
        .instret = caps.instret ? csr_read(instret) : 0,
    };
}

static void load_guest(const struct vcpu_csrs *csrs)
{
    csr_write(vsstatus, csrs->vsstatus);
    csr_write(vstvec, csrs->vstvec);
    csr_write(vsscratch, csrs->vsscratch);
    csr_write(vsepc, csrs->vsepc);
    csr_write(vscause, csrs->vscause);
    csr_write(vstval, csrs->vstval);
    csr_write(vsie, csrs->vsie);
    csr_write(hvip, csrs->hvip);
    csr_write(scounteren, csrs->scounteren);
    if (caps.senvcfg)
        csr_write(senvcfg, csrs->senvcfg);
    if (caps.hstateen[0])
        csr_write(sstateen0, csrs->sstateen0);
    if (caps.sstc)
        csr_write(vstimecmp, csrs->vstimecmp);
}

void vscsr_load(struct vcpu *vcpu, bool drop_translations)
{
    load_environment(&vcpu->csrs);
    load_translation(&vcpu->csrs, drop_translations);
    load_guest(&vcpu->csrs);
    load_fp(vcpu);
    hart_drop_reservation();
    pmu_begin(&vcpu->pmu, read_counters());
    usage_begin(vcpu, csr_read(time));
    vcpu->is_loaded = true;
}

static void save_trap(struct vcpu_csrs *csrs)
{
    csrs->vsstatus = csr_read(vsstatus);
    csrs->vstvec = csr_read(vstvec);
    csrs->vsepc = csr_read(vsepc);
    csrs->vscause = csr_read(vscause);
    csrs->vstval = csr_read(vstval);
}

void vscsr_save(struct vcpu *vcpu)
{
    struct vcpu_csrs *csrs = &vcpu->csrs;

    save_trap(csrs);
    csrs->hvip = csr_read(hvip);
    csrs->vsscratch = csr_read(vsscratch);
    csrs->vsie = csr_read(vsie);
    csrs->vsatp = csr_read(vsatp);
    csrs->scounteren = csr_read(scounteren);
    if (caps.senvcfg)
        csrs->senvcfg = csr_read(senvcfg);
    if (caps.hstateen[0])
        csrs->sstateen0 = csr_read(sstateen0);
    if (caps.sstc)
        csrs->vstimecmp = csr_read(vstimecmp);
    /* AIA is not offered to guests, but without Smstateen nothing keeps them from siselect. */
    if (caps.aia)
        csr_write(vsiselect, 0);
    save_fp(vcpu);
    pmu_end(&vcpu->pmu, read_counters());
    usage_end(vcpu, csr_read(time));
    vcpu->is_loaded = false;
}

void vscsr_save_trap(struct vcpu *vcpu)
{
    save_trap(&vcpu->csrs);
}

void vscsr_load_trap(const struct vcpu *vcpu)
{
    const struct vcpu_csrs *csrs = &vcpu->csrs;

    csr_write(vsstatus, csrs->vsstatus);
    csr_write(vsepc, csrs->vsepc);
    csr_write(vscause, csrs->vscause);
    csr_write(vstval, csrs->vstval);
}

void vscsr_change_hvip(uint64_t raise, uint64_t lower)
{
    csr_set(hvip, raise);
    csr_clear(hvip, lower);
}

void vscsr_save_hvip(struct vcpu *vcpu)
{
    vcpu->csrs.hvip = csr_read(hvip);
}

uint64_t vscsr_pending(const struct vcpu *vcpu)
{
    return csr_read(hip) & csr_read(hie) & vcpu->csrs.hideleg;
}

void vscsr_load_timer(const struct vcpu *vcpu)
{
    csr_write(vstimecmp, vcpu->csrs.vstimecmp);
}

struct pmu_hart vscsr_counters(void)
{
    return read_counters();
}

uint64_t vscsr_time(void)
{
    return csr_read(time);
}

uint64_t vscsr_scounteren(void)
{
    return csr_read(scounteren);
}
