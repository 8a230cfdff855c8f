/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two start states of a vCPU, on harts that can do more or less, and its archive.
 */
#include "vcpu/vcpu.h"

#include "fakes/caps.h"
#include "lib/err.h"
#include "riscv/csr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNTERS (HCOUNTEREN_CY | HCOUNTEREN_TM | HCOUNTEREN_IR)

static uint8_t v[32 * 16];
static struct vcpu_home home;
static struct vcpu vcpu;

/* Every field has been something else before. */
static int start(void **state)
{
    (void)state;
    caps_reset();
    memset(&vcpu, 0xa5, sizeof(vcpu));
    memset(v, 0xa5, sizeof(v));
    vcpu.resumes_at_start = true;
    vcpu.id = 3;
    vcpu.vm = NULL;
    vcpu.home = &home;
    vcpu.debug = (struct vcpu_debug){.is_held = 1};
    vcpu.vector.registers = v;
    return 0;
}

static bool is_zero(const void *bytes, size_t size)
{
    const uint8_t *byte = bytes;

    for (size_t i = 0; i < size; i++) {
        if (byte[i] != 0)
            return false;
    }
    return true;
}

static void reset_forgets_the_registers(void **state)
{
    (void)state;
    vcpu_reset(&vcpu);
    assert_true(is_zero(vcpu.regs.x, sizeof(vcpu.regs.x)));
    assert_int_equal(vcpu.regs.sepc, 0);
    assert_true(is_zero(&vcpu.fp, sizeof(vcpu.fp)));
    assert_true(is_zero(v, sizeof(v)));
    assert_int_equal(vcpu.vector.vl, 0);
    assert_ptr_equal(vcpu.vector.registers, v);
}

static void reset_makes_a_stopped_vcpu(void **state)
{
    (void)state;
    vcpu_reset(&vcpu);
    assert_int_equal(vcpu.hsm_state, SBI_HSM_STOPPED);
    assert_int_equal(vcpu.is_blocked, 1);
    assert_int_equal(vcpu.in_guest, 0);
    assert_int_equal(vcpu.requests, 0);
    assert_int_equal(vcpu.pending.changed, 0);
    assert_int_equal(vcpu.pending.level, 0);
    assert_int_equal(vcpu.fence.is_taken, 0);
    assert_int_equal(vcpu.pmu.watched, 0);
    assert_int_equal(vcpu.steal.gpa, VCPU_STEAL_NOWHERE);
    assert_false(vcpu.resumes_at_start);
    assert_null(vcpu.mail_next);
    assert_int_equal(vcpu.device_deadline, UINT64_MAX);
    assert_int_equal(vcpu.id, 3);
    assert_ptr_equal(vcpu.home, &home);
}

/* VS-mode, 64 bits at all levels, little-endian, FP and V there for the guest.
 */
static void reset_enters_vs_mode(void **state)
{
    (void)state;
    vcpu_reset(&vcpu);
    assert_int_equal(vcpu.regs.hstatus,
                     HSTATUS_SPV | HSTATUS_SPVP | field_set(HSTATUS_VSXL, 0, HSTATUS_VSXL_64));
    assert_int_equal(vcpu.regs.sstatus, SSTATUS_SPP | field_set(SSTATUS_UXL, 0, 2) |
                                            field_set(SSTATUS_FS, 0, SSTATUS_FS_CLEAN) |
                                            field_set(SSTATUS_VS, 0, SSTATUS_FS_CLEAN));
    assert_int_equal(vcpu.csrs.vsstatus, field_set(SSTATUS_UXL, 0, SSTATUS_UXL_64));
    assert_int_equal(vcpu.csrs.vsatp, 0);
    assert_int_equal(vcpu.csrs.vsie, 0);
    assert_int_equal(vcpu.csrs.hvip, 0);
    assert_int_equal(vcpu.csrs.vstimecmp, UINT64_MAX);
}

static void reset_delegates_what_is_the_guests_own(void **state)
{
    const uint64_t delegated =
        BIT(CAUSE_INSN_MISALIGNED) | BIT(CAUSE_INSN_ACCESS_FAULT) | BIT(CAUSE_ILLEGAL_INSN) |
        BIT(CAUSE_BREAKPOINT) | BIT(CAUSE_LOAD_MISALIGNED) | BIT(CAUSE_LOAD_ACCESS_FAULT) |
        BIT(CAUSE_STORE_MISALIGNED) | BIT(CAUSE_STORE_ACCESS_FAULT) | BIT(CAUSE_ECALL_U) |
        BIT(CAUSE_INSN_PAGE_FAULT) | BIT(CAUSE_LOAD_PAGE_FAULT) | BIT(CAUSE_STORE_PAGE_FAULT);

    (void)state;
    caps.hedeleg_mask = UINT64_MAX;
    vcpu_reset(&vcpu);
    assert_int_equal(vcpu.csrs.hedeleg, delegated);
    assert_int_equal(vcpu.csrs.hideleg, HVIP_ALL);
    assert_int_equal(vcpu.csrs.hcounteren, HCOUNTEREN_TM);
    assert_int_equal(vcpu.csrs.scounteren, COUNTERS);
    caps.hedeleg_mask = 0xb109;
    vcpu_reset(&vcpu);
    assert_int_equal(vcpu.csrs.hedeleg, 0xb109);
    vcpu.debug.takes_breakpoints = true;
    vcpu_reset(&vcpu);
    assert_int_equal(vcpu.csrs.hedeleg, 0xb101);
    assert_int_equal(vcpu.debug.is_held, 1);
}

/* The guest's cbo.inval is a flush: henvcfg.CBIE = 1. */
static void reset_offers_what_the_hart_has(void **state)
{
    (void)state;
    vcpu_reset(&vcpu);
    assert_int_equal(vcpu.csrs.henvcfg, HENVCFG_STCE | HENVCFG_PBMTE | HENVCFG_ADUE | HENVCFG_CBZE |
                                            HENVCFG_CBCFE | field_set(HENVCFG_CBIE, 0, 1));
    assert_int_equal(vcpu.csrs.hstateen0, HSTATEEN0_SE0 | HSTATEEN0_ENVCFG);
    caps.henvcfg_mask = HENVCFG_STCE | HENVCFG_CBIE;
    caps.hstateen0_mask = HSTATEEN0_SE0;
    vcpu_reset(&vcpu);
    assert_int_equal(vcpu.csrs.henvcfg, HENVCFG_STCE | field_set(HENVCFG_CBIE, 0, 1));
    assert_int_equal(vcpu.csrs.hstateen0, HSTATEEN0_SE0);
    caps.henvcfg_mask = 0;
    caps.hstateen0_mask = 0;
    vcpu_reset(&vcpu);
    assert_int_equal(vcpu.csrs.henvcfg, 0);
    assert_int_equal(vcpu.csrs.hstateen0, 0);
}

static void without_v_its_state_is_off(void **state)
{
    (void)state;
    caps.v = false;
    caps.vlenb = 0;
    vcpu.vector.registers = NULL;
    vcpu_reset(&vcpu);
    assert_int_equal(field_get(SSTATUS_VS, vcpu.regs.sstatus), SSTATUS_FS_OFF);
    assert_int_equal(field_get(SSTATUS_FS, vcpu.regs.sstatus), SSTATUS_FS_CLEAN);
    assert_null(vcpu.vector.registers);
}

/* SBI 9.1 (HART start), Table "HSM Hart Start Register State" */
static void started_as_the_sbi_says(void **state)
{
    (void)state;
    vcpu_reset(&vcpu);
    vcpu.regs.x[REG_SP] = 1;
    vcpu.regs.x[31] = 2;
    vcpu.csrs.vsatp = field_set(SATP_MODE, 0, SATP_MODE_SV39);
    vcpu.csrs.vsstatus |= SSTATUS_SIE | SSTATUS_SUM;
    vcpu_start(&vcpu, 0x80200000, 0x123456789abcdef0);
    assert_int_equal(vcpu.regs.sepc, 0x80200000);
    assert_int_equal(vcpu.regs.x[REG_A0], 3);
    assert_int_equal(vcpu.regs.x[REG_A1], 0x123456789abcdef0); /* all 64 bits. */
    assert_int_equal(vcpu.regs.x[REG_SP], 0);
    assert_int_equal(vcpu.regs.x[31], 0);
    assert_int_equal(vcpu.csrs.vsatp, 0);
    assert_int_equal(vcpu.csrs.vsstatus & SSTATUS_SIE, 0);
    assert_int_equal(vcpu.hsm_state, SBI_HSM_STARTED);
}

/* Wherever it was stopped: it starts in VS-mode, without its old timer and software interrupt. */
static void started_anew_after_a_life_before(void **state)
{
    uint64_t sstatus, hstatus;

    (void)state;
    vcpu_reset(&vcpu);
    sstatus = vcpu.regs.sstatus;
    hstatus = vcpu.regs.hstatus;
    vcpu.regs.sstatus &= ~SSTATUS_SPP;
    vcpu.regs.hstatus &= ~HSTATUS_SPVP;
    vcpu.csrs.vstimecmp = 77;
    vcpu.csrs.vsie = SIP_STIP | SIP_SSIP;
    vcpu.csrs.hvip = HVIP_ALL;
    vcpu_start(&vcpu, 0x80200000, 0);
    assert_int_equal(vcpu.regs.sstatus, sstatus);
    assert_int_equal(vcpu.regs.hstatus, hstatus);
    assert_int_equal(vcpu.csrs.vstimecmp, UINT64_MAX);
    assert_int_equal(vcpu.csrs.vsie, 0);
    assert_int_equal(vcpu.csrs.hvip, HVIP_VSEIP); /* a wire: it is as the devices have it */
}

static void spp_says_who_trapped(void **state)
{
    (void)state;
    vcpu.regs.sstatus = 0;
    assert_true(vcpu_was_user(&vcpu));
    vcpu.regs.sstatus = SSTATUS_SPP;
    assert_false(vcpu_was_user(&vcpu));
}

static size_t save(uint8_t *buffer, size_t size)
{
    struct archive archive;

    archive_init_writer(&archive, buffer, size);
    vcpu_archive(&vcpu, &archive);
    assert_int_equal(archive.error, 0);
    return archive.position;
}

static int load(const uint8_t *buffer, size_t size)
{
    struct archive archive;

    archive_init_reader(&archive, buffer, size);
    vcpu_archive(&vcpu, &archive);
    return archive.error;
}

/* Every field of the archive gets a value of its own. */
static void fill(void)
{
    uint64_t *words = (uint64_t *)&vcpu;

    for (size_t i = 0; i < offsetof(struct vcpu, vm) / sizeof(*words); i++)
        words[i] = 1000 + i;
    vcpu.resumes_at_start = true;
    vcpu.vector.registers = v;
    memset(v, 0x3c, sizeof(v));
    vcpu.hsm_state = SBI_HSM_SUSPENDED;
    vcpu.regs.x[0] = 0;
    vcpu.fence.range.pages = VMA_PAGES_MAX;
    pmu_reset(&vcpu.pmu);
    vcpu.pmu.counters[PMU_CYCLE].value = 17;
}

static void expect_same(const struct vcpu *before)
{
    assert_memory_equal(vcpu.regs.x, before->regs.x, sizeof(vcpu.regs.x));
    assert_int_equal(vcpu.regs.sepc, before->regs.sepc);
    assert_int_equal(vcpu.regs.sstatus, before->regs.sstatus);
    assert_int_equal(vcpu.regs.hstatus, before->regs.hstatus);
    assert_memory_equal(&vcpu.csrs, &before->csrs, offsetof(struct vcpu_csrs, htimedelta));
    assert_memory_equal(&vcpu.fp, &before->fp, sizeof(vcpu.fp));
    assert_memory_equal(&vcpu.vector, &before->vector, sizeof(vcpu.vector));
    assert_int_equal(vcpu.requests, before->requests);
    assert_int_equal(vcpu.pending.changed, before->pending.changed);
    assert_int_equal(vcpu.pending.level, before->pending.level);
    assert_int_equal(vcpu.pmu.counters[PMU_CYCLE].value, 17);
    assert_int_equal(vcpu.steal.gpa, before->steal.gpa);
    assert_int_equal(vcpu.steal.stolen_ns, before->steal.stolen_ns);
    assert_int_equal(vcpu.steal.sequence, before->steal.sequence);
    assert_memory_equal(&vcpu.fence, &before->fence, sizeof(vcpu.fence));
    assert_int_equal(vcpu.hsm_state, before->hsm_state);
    assert_int_equal(vcpu.start_pc, before->start_pc);
    assert_int_equal(vcpu.start_opaque, before->start_opaque);
    assert_true(vcpu.resumes_at_start);
}

static void an_archived_vcpu_comes_back(void **state)
{
    static uint8_t buffer[8192];
    struct vcpu before;
    size_t size;

    (void)state;
    fill();
    before = vcpu;
    size = save(buffer, sizeof(buffer));
    start(NULL);
    vcpu_reset(&vcpu);
    vcpu.csrs.htimedelta = 5;
    vcpu.csrs.hgatp = 6;
    assert_int_equal(load(buffer, size), 0);
    expect_same(&before);
    assert_int_equal(vcpu.csrs.htimedelta, 5); /* of the place, not of the vCPU */
    assert_int_equal(vcpu.csrs.hgatp, 6);
    assert_int_equal(vcpu.id, 3);
    for (size_t i = 0; i < sizeof(v); i++)
        assert_int_equal(v[i], 0x3c);
}

static void other_archives_are_refused(void **state)
{
    static uint8_t buffer[8192];
    size_t size;

    (void)state;
    fill();
    size = save(buffer, sizeof(buffer));
    for (size_t cut = 0; cut < size; cut += 7)
        assert_int_equal(load(buffer, cut), ERR_CORRUPT);
    vcpu.fence.range.pages = VMA_PAGES_MAX + 1; /* would be a long loop */
    size = save(buffer, sizeof(buffer));
    assert_int_equal(load(buffer, size), ERR_CORRUPT);
    caps.vlenb = 32; /* another size of V registers: looked at before a byte is copied */
    assert_int_equal(load(buffer, size), ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reset_forgets_the_registers, start),
        cmocka_unit_test_setup(reset_makes_a_stopped_vcpu, start),
        cmocka_unit_test_setup(reset_enters_vs_mode, start),
        cmocka_unit_test_setup(reset_delegates_what_is_the_guests_own, start),
        cmocka_unit_test_setup(reset_offers_what_the_hart_has, start),
        cmocka_unit_test_setup(without_v_its_state_is_off, start),
        cmocka_unit_test_setup(started_as_the_sbi_says, start),
        cmocka_unit_test_setup(started_anew_after_a_life_before, start),
        cmocka_unit_test_setup(spp_says_who_trapped, start),
        cmocka_unit_test_setup(an_archived_vcpu_comes_back, start),
        cmocka_unit_test_setup(other_archives_are_refused, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
