/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for vcpu/vscsr.c: the same moves on a struct. Every function but vscsr_load wants its
 * vCPU loaded, as on the hart.
 */
#include "fakes/vscsr.h"

#include "fakes/trace.h"
#include "riscv/caps.h"
#include "riscv/csr.h"
#include "vcpu/usage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct vscsr_hart vscsr_hart;

void vscsr_reset(void)
{
    vscsr_hart = (struct vscsr_hart){.time = 1000, .csrs = {.vstimecmp = UINT64_MAX}};
}

static void check_loaded(const struct vcpu *vcpu)
{
    assert_true(usage_is_on(vcpu));
    assert_ptr_equal(vcpu, vscsr_hart.loaded);
}

void vscsr_load(struct vcpu *vcpu, bool drop_translations)
{
    char label[TRACE_LABEL_MAX];

    assert_false(usage_is_on(vcpu));
    assert_null(vscsr_hart.loaded);
    trace_note("load%s:%s", drop_translations ? "+drop" : "", trace_label(vcpu, label));
    vscsr_hart.csrs = vcpu->csrs;
    if (!caps.sstc)
        vscsr_hart.csrs.vstimecmp = UINT64_MAX;
    vscsr_hart.loaded = vcpu;
    if (vcpu->pmu.is_used)
        pmu_begin(&vcpu->pmu, vscsr_hart.counters);
    usage_begin(vcpu, vscsr_hart.time);
}

void vscsr_save(struct vcpu *vcpu)
{
    struct vcpu_csrs *csrs = &vcpu->csrs;
    char label[TRACE_LABEL_MAX];

    vscsr_save_trap(vcpu);
    vscsr_save_hvip(vcpu);
    csrs->vsscratch = vscsr_hart.csrs.vsscratch;
    csrs->vsie = vscsr_hart.csrs.vsie;
    csrs->vsatp = vscsr_hart.csrs.vsatp;
    csrs->scounteren = vscsr_hart.csrs.scounteren;
    csrs->senvcfg = vscsr_hart.csrs.senvcfg;
    csrs->sstateen0 = vscsr_hart.csrs.sstateen0;
    if (caps.sstc)
        csrs->vstimecmp = vscsr_hart.csrs.vstimecmp;
    trace_note("save:%s", trace_label(vcpu, label));
    vscsr_hart.csrs = (struct vcpu_csrs){.vstimecmp = UINT64_MAX};
    vscsr_hart.loaded = NULL;
    if (vcpu->pmu.is_used)
        pmu_end(&vcpu->pmu, vscsr_hart.counters);
    usage_end(vcpu, vscsr_hart.time);
}

void vscsr_exchange(struct vcpu *from, struct vcpu *to, bool drop_translations)
{
    vscsr_save(from);
    vscsr_load(to, drop_translations);
}

void vscsr_leave(void)
{
    assert_null(vscsr_hart.loaded);
}

void vscsr_save_trap(struct vcpu *vcpu)
{
    struct vcpu_csrs *csrs = &vcpu->csrs;

    check_loaded(vcpu);
    csrs->vsstatus = vscsr_hart.csrs.vsstatus;
    csrs->vstvec = vscsr_hart.csrs.vstvec;
    csrs->vsepc = vscsr_hart.csrs.vsepc;
    csrs->vscause = vscsr_hart.csrs.vscause;
    csrs->vstval = vscsr_hart.csrs.vstval;
}

void vscsr_load_trap(const struct vcpu *vcpu)
{
    check_loaded(vcpu);
    vscsr_hart.csrs.vsstatus = vcpu->csrs.vsstatus;
    vscsr_hart.csrs.vsepc = vcpu->csrs.vsepc;
    vscsr_hart.csrs.vscause = vcpu->csrs.vscause;
    vscsr_hart.csrs.vstval = vcpu->csrs.vstval;
}

void vscsr_change_hvip(uint64_t raise, uint64_t lower)
{
    assert_non_null(vscsr_hart.loaded);
    assert_int_equal((raise | lower) & ~HVIP_ALL, 0);
    assert_int_equal(raise & lower, 0);
    vscsr_hart.csrs.hvip = (vscsr_hart.csrs.hvip | raise) & ~lower;
}

void vscsr_save_hvip(struct vcpu *vcpu)
{
    check_loaded(vcpu);
    vcpu->csrs.hvip = vscsr_hart.csrs.hvip;
}

uint64_t vscsr_pending(const struct vcpu *vcpu)
{
    const struct vcpu_csrs *csrs = &vscsr_hart.csrs;
    uint64_t hip = csrs->hvip;

    check_loaded(vcpu);
    if (caps.sstc && vscsr_hart.time + csrs->htimedelta >= csrs->vstimecmp)
        hip |= HVIP_VSTIP;
    return hip & csrs->vsie << 1 & vcpu->csrs.hideleg;
}

void vscsr_load_timer(const struct vcpu *vcpu)
{
    check_loaded(vcpu);
    assert_true(caps.sstc);
    vscsr_hart.csrs.vstimecmp = vcpu->csrs.vstimecmp;
    vscsr_hart.timer_loads++;
}

uint64_t vscsr_scounteren(void)
{
    assert_non_null(vscsr_hart.loaded);
    return vscsr_hart.csrs.scounteren;
}

struct pmu_hart vscsr_counters(void)
{
    return vscsr_hart.counters;
}

uint64_t vscsr_time(void)
{
    return vscsr_hart.time;
}
