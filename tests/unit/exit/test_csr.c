/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The emulated CSRs: what they read, who may read them, and that none can be written.
 */
#include "exit/csr.h"

#include "fakes/caps.h"
#include "fakes/trace.h"
#include "fakes/vscsr.h"
#include "riscv/csr.h"
#include "riscv/csr_num.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define OLD 0xabcdefUL

static struct vcpu vcpu;

static int start(void **state)
{
    (void)state;
    caps_reset();
    vscsr_reset();
    trace_reset();
    vcpu = (struct vcpu){0};
    vcpu_reset(&vcpu);
    vcpu.csrs.htimedelta = -600UL;
    vscsr_load(&vcpu, false);
    vcpu.regs.x[7] = OLD;
    return 0;
}

static bool emulate(enum insn_csr_op op, uint16_t number, uint8_t source, uint8_t rd)
{
    struct insn insn = {
        .kind = INSN_CSR,
        .csr = number,
        .csr_op = op,
        .csr_source = source,
        .reg = rd,
    };

    return csr_emulate(&vcpu, &insn);
}

/* csrr rd, number */
static bool reads(uint16_t number)
{
    vcpu.regs.x[7] = OLD;
    return emulate(INSN_CSR_SET, number, 0, 7);
}

static void enter_user_mode(uint64_t scounteren)
{
    vcpu.regs.sstatus &= ~SSTATUS_SPP;
    vscsr_hart.csrs.scounteren = scounteren;
}

static void time_is_the_guests(void **state)
{
    (void)state;
    assert_true(reads(CSR_NUM_TIME));
    assert_int_equal(vcpu.regs.x[7], 400);
    vscsr_hart.time = 0;
    assert_true(reads(CSR_NUM_TIME));
    assert_int_equal(vcpu.regs.x[7], -600UL);
}

/* What the hart counted since the vCPU took it, on top of its own value. */
static void cycle_and_instret_are_the_vcpus(void **state)
{
    (void)state;
    vcpu.pmu.counters[PMU_CYCLE].value = 1000;
    pmu_update(&vcpu.pmu, vscsr_hart.counters);
    vscsr_hart.counters = (struct pmu_hart){.cycle = 7, .instret = 5};
    assert_true(reads(CSR_NUM_CYCLE));
    assert_int_equal(vcpu.regs.x[7], 1007);
    assert_true(reads(CSR_NUM_INSTRET));
    assert_int_equal(vcpu.regs.x[7], 5);
    vscsr_hart.counters.cycle = 9;
    assert_true(reads(CSR_NUM_CYCLE));
    assert_int_equal(vcpu.regs.x[7], 1009);
}

static void counters_that_are_kept_from_us_are_not_there(void **state)
{
    (void)state;
    caps.cycle = false;
    assert_false(reads(CSR_NUM_CYCLE));
    assert_true(reads(CSR_NUM_INSTRET));
    caps.cycle = true;
    caps.instret = false;
    assert_true(reads(CSR_NUM_CYCLE));
    assert_false(reads(CSR_NUM_INSTRET));
}

static void the_other_counters_count_nothing(void **state)
{
    (void)state;
    for (uint16_t number = CSR_NUM_HPMCOUNTER3; number <= CSR_NUM_HPMCOUNTER31; number++) {
        assert_true(reads(number));
        assert_int_equal(vcpu.regs.x[7], 0);
    }
}

static void x0_stays_zero(void **state)
{
    (void)state;
    assert_true(emulate(INSN_CSR_SET, CSR_NUM_TIME, 0, REG_ZERO));
    assert_true(emulate(INSN_CSR_CLEAR, CSR_NUM_TIME, 0, REG_ZERO));
    assert_int_equal(vcpu.regs.x[REG_ZERO], 0);
}

/* csrrw, csrrwi write always; the others where the source is not x0 or 0. */
static void none_can_be_written(void **state)
{
    const uint16_t numbers[] = {CSR_NUM_CYCLE, CSR_NUM_TIME, CSR_NUM_INSTRET, CSR_NUM_HPMCOUNTER3,
                                CSR_NUM_HPMCOUNTER31};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
        assert_false(emulate(INSN_CSR_WRITE, numbers[i], 0, 7));
        assert_false(emulate(INSN_CSR_WRITE, numbers[i], 1, 7));
        assert_false(emulate(INSN_CSR_SET, numbers[i], 1, 7));
        assert_false(emulate(INSN_CSR_CLEAR, numbers[i], 31, 7));
        assert_int_equal(vcpu.regs.x[7], OLD);
    }
}

/* For VU-mode each counter has its bit in scounteren. Priv 12.1.5 (scounteren) */
static void the_kernel_decides_for_its_users(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 32; bit++) {
        uint16_t number = (uint16_t)(CSR_NUM_CYCLE + bit);

        enter_user_mode(BIT(bit));
        assert_true(reads(number));
        enter_user_mode(~BIT(bit));
        assert_false(reads(number));
        assert_int_equal(vcpu.regs.x[7], OLD);
    }
}

/* In the kernel scounteren says nothing; and the hart's value counts, not that of the struct. */
static void scounteren_is_for_users_only(void **state)
{
    (void)state;
    vscsr_hart.csrs.scounteren = 0;
    assert_true(reads(CSR_NUM_TIME));
    vcpu.csrs.scounteren = UINT64_MAX;
    enter_user_mode(0);
    assert_false(reads(CSR_NUM_TIME));
}

static void all_others_are_not_emulated(void **state)
{
    unsigned emulated = 0;

    (void)state;
    for (unsigned number = 0; number < 4096; number++)
        emulated += reads((uint16_t)number);
    assert_int_equal(emulated, 32);
    assert_false(reads(CSR_NUM_CYCLE - 1));
    assert_false(reads(CSR_NUM_HPMCOUNTER31 + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(time_is_the_guests, start),
        cmocka_unit_test_setup(cycle_and_instret_are_the_vcpus, start),
        cmocka_unit_test_setup(counters_that_are_kept_from_us_are_not_there, start),
        cmocka_unit_test_setup(the_other_counters_count_nothing, start),
        cmocka_unit_test_setup(x0_stays_zero, start),
        cmocka_unit_test_setup(none_can_be_written, start),
        cmocka_unit_test_setup(the_kernel_decides_for_its_users, start),
        cmocka_unit_test_setup(scounteren_is_for_users_only, start),
        cmocka_unit_test_setup(all_others_are_not_emulated, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
