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

/* Smstateen, AIA or V is there, so that there is more to move than usual. */
static bool has_more;

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
    has_more = caps.hstateen[0] || caps.aia || caps.v;
    csr_write(hedeleg, 0);
    vscsr_leave();
    csr_write(hideleg, 0);
    csr_write(hcounteren, 0);
    /* From now on FS and VS are never Off: what guests enter with is not, and stays. */
    csr_set(sstatus, SSTATUS_FS | (caps.v ? SSTATUS_VS : 0));
    if (caps.aia)
        csr_write(vsiselect, 0);
}

/* What HS-mode sets up around the guest, where another's is in the hart. Delegation comes before
 * the guest's CSRs: vsie and vsip are windows that only hideleg opens, which is the same in all.
 * Priv 21.2.2 (hedeleg and hideleg), 21.2.12 (vsip and vsie). */
static inline void load_environment(struct vcpu *vcpu)
{
    const struct vcpu_csrs *csrs = &vcpu->csrs;

    if (__builtin_expect(vcpu->environment == vcpu->home->environment, true))
        return;
    csr_write(hedeleg, csrs->hedeleg);
    csr_write(hideleg, csrs->hideleg);
    csr_write(hcounteren, csrs->hcounteren);
    if (caps.henvcfg)
        csr_write(henvcfg, csrs->henvcfg);
    if (caps.hstateen[0])
        csr_write(hstateen0, csrs->hstateen0);
    vcpu->home->environment = vcpu->environment;
}

/* vsatp is Bare while hgatp and henvcfg change, so that no walk mixes the old guest's tables with
 * the new one's. Priv 21.5.3 (Memory-Management Fences), its last note, names the order. */
static inline void load_translation(struct vcpu *vcpu, bool drop_translations)
{
    csr_write(hgatp, vcpu->csrs.hgatp);
    /* After hgatp: until then the old table could be cached anew under a VMID that is reused. */
    if (drop_translations) {
        hart_hfence_gvma();
        hart_hfence_vvma();
    }
    load_environment(vcpu);
    csr_write(vsatp, vcpu->csrs.vsatp);
    csr_write(htimedelta, vcpu->csrs.htimedelta);
}

/* The CSRs that a guest writes by itself, and what can be done with one of each. */
#define GUEST_CSRS(move)                                                                           \
    do {                                                                                           \
        move(vsstatus);                                                                            \
        move(vstvec);                                                                              \
        move(vsscratch);                                                                           \
        move(vsepc);                                                                               \
        move(vscause);                                                                             \
        move(vstval);                                                                              \
        move(vsie);                                                                                \
        move(hvip);                                                                                \
        move(scounteren);                                                                          \
        if (caps.senvcfg)                                                                          \
            move(senvcfg);                                                                         \
        if (caps.sstc)                                                                             \
            move(vstimecmp);                                                                       \
    } while (0)

#define SAVE(csr)     (from->csr = csr_read(csr))
#define LOAD(csr)     csr_write(csr, to->csr)
#define EXCHANGE(csr) (from->csr = csr_swap(csr, to->csr))

static void save_guest(struct vcpu_csrs *from)
{
    GUEST_CSRS(SAVE);
}

static void load_guest(const struct vcpu_csrs *to)
{
    GUEST_CSRS(LOAD);
}

/* Both at once: an instruction reads what the one left, and writes what the other finds. */
static inline void exchange_guest(struct vcpu_csrs *from, const struct vcpu_csrs *to)
{
    GUEST_CSRS(EXCHANGE);
}

/* fcsr, vcsr and vstart after the registers, whose moves change vstart. */
static void load_more(struct vcpu *to)
{
    fpu_load(to);
    csr_write(fcsr, to->fp.fcsr);
    if (to->vector.registers)
        vector_csrs_load(&to->vector);
    if (caps.hstateen[0])
        csr_write(sstateen0, to->csrs.sstateen0);
}

/* AIA is not offered to guests, but without Smstateen nothing keeps them from siselect. */
static void save_more(struct vcpu *from)
{
    from->fp.fcsr = csr_read(fcsr);
    if (from->vector.registers)
        vector_csrs_save(&from->vector);
    fpu_save(from);
    if (caps.hstateen[0])
        from->csrs.sstateen0 = csr_read(sstateen0);
    if (caps.aia)
        csr_write(vsiselect, 0);
}

/* Apart, so that what is common needs no stack. */
static __attribute__((noinline)) void save_and_load_more(struct vcpu *from, struct vcpu *to)
{
    save_more(from);
    load_more(to);
}

/* Of all that, mostly there is fcsr alone to do. */
static inline void exchange_more(struct vcpu *from, struct vcpu *to)
{
    if (has_more || fpu_must_save(from) || fpu_must_load(to))
        save_and_load_more(from, to);
    else
        from->fp.fcsr = csr_swap(fcsr, to->fp.fcsr);
}

static struct pmu_hart read_counters(void)
{
    return (struct pmu_hart){
        .cycle = caps.cycle ? csr_read(cycle) : 0,
        .instret = caps.instret ? csr_read(instret) : 0,
    };
}

static void begin_counting(struct vcpu *vcpu)
{
    if (vcpu->pmu.is_used)
        pmu_begin(&vcpu->pmu, read_counters());
}

static void end_counting(struct vcpu *vcpu)
{
    if (vcpu->pmu.is_used)
        pmu_end(&vcpu->pmu, read_counters());
}

void vscsr_load(struct vcpu *vcpu, bool drop_translations)
{
    csr_write(vsatp, 0);
    load_translation(vcpu, drop_translations);
    load_guest(&vcpu->csrs);
    hart_drop_reservation(&vcpu->regs.x[REG_ZERO]);
    begin_counting(vcpu);
    usage_begin(vcpu, csr_read(time));
    load_more(vcpu);
}

void vscsr_save(struct vcpu *vcpu)
{
    vcpu->csrs.vsatp = csr_read(vsatp);
    save_guest(&vcpu->csrs);
    end_counting(vcpu);
    usage_end(vcpu, csr_read(time));
    save_more(vcpu);
}

void vscsr_exchange(struct vcpu *from, struct vcpu *to, bool drop_translations)
{
    uint64_t now = csr_read(time);

    from->csrs.vsatp = csr_swap(vsatp, 0);
    load_translation(to, drop_translations);
    exchange_guest(&from->csrs, &to->csrs);
    hart_drop_reservation(&to->regs.x[REG_ZERO]);
    end_counting(from);
    begin_counting(to);
    usage_end(from, now);
    usage_begin(to, now);
    exchange_more(from, to);
}

void vscsr_save_trap(struct vcpu *vcpu)
{
    struct vcpu_csrs *csrs = &vcpu->csrs;

    csrs->vsstatus = csr_read(vsstatus);
    csrs->vstvec = csr_read(vstvec);
    csrs->vsepc = csr_read(vsepc);
    csrs->vscause = csr_read(vscause);
    csrs->vstval = csr_read(vstval);
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
