/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtual-instruction exceptions, by instruction and privilege: WFI waits, a few CSRs are read,
 * and whatever else a guest tries there is an illegal instruction to it.
 */
#include "exit/exit.h"

#include "fakes/machine.h"
#include "riscv/csr.h"

#define PC 0x80204560UL

#define INSN_WFI              0x10500073U
#define INSN_WRS_NTO          0x00d00073U
#define INSN_SRET             0x10200073U
#define INSN_RDTIME(rd)       (0xc0102073U | (rd) << 7)
#define INSN_CSRRW_TIME       0xc0151573U
#define INSN_READ_HGATP       0x68002573U
#define INSN_READ_VSSTATUS    0x20002573U
#define INSN_READ_SSTATUS     0x10002573U
#define INSN_READ_CYCLE       0xc0002573U
#define INSN_READ_STIMECMP    0x14d02573U
#define INSN_HLV_W            0x68054573U
#define INSN_HFENCE_VVMA      0x22000073U
#define INSN_HFENCE_GVMA      0x62000073U
#define INSN_SFENCE_VMA       0x12000073U
#define INSN_CBO_ZERO         0x0045200fU
#define INSN_C_NOP            0x0001U
#define INSN_READ_HPMCOUNTERH 0xc8302573U /* RV32's upper half */

static struct vcpu_home home;
static struct vcpu *vcpu;
static struct trap trap;

static int start(void **state)
{
    int err = machine_setup(state);

    if (err)
        return err;
    vcpu = &machine_add("a", 1, &home)->vcpus[0];
    machine_trap(vcpu, PC);
    trap = (struct trap){.scause = CAUSE_VIRTUAL_INSN, .insn_len = 4};
    return 0;
}

static enum exit_verdict handle(uint32_t word)
{
    fetch_fake.word = word;
    return exit_virtual_insn(vcpu, &trap);
}

static void enter_user_mode(void)
{
    vcpu->regs.sstatus &= ~SSTATUS_SPP;
    vcpu->regs.hstatus &= ~HSTATUS_SPVP;
}

static void expect_illegal(uint32_t word)
{
    struct vcpu_regs before = vcpu->regs;

    assert_int_equal(handle(word), EXIT_INJECT);
    assert_int_equal(vcpu->inject.cause, CAUSE_ILLEGAL_INSN);
    assert_int_equal(vcpu->inject.tval, word);
    assert_memory_equal(&vcpu->regs, &before, sizeof(before));
}

static void the_kernels_wfi_waits(void **state)
{
    (void)state;
    assert_int_equal(handle(INSN_WFI), EXIT_WAIT);
    assert_int_equal(trap.insn_len, 4);
}

static void wrs_nto_lets_others_go_first(void **state)
{
    (void)state;
    assert_int_equal(handle(INSN_WRS_NTO), EXIT_PASS);
    enter_user_mode();
    assert_int_equal(handle(INSN_WRS_NTO), EXIT_PASS);
}

static void a_users_wfi_is_illegal(void **state)
{
    (void)state;
    enter_user_mode();
    expect_illegal(INSN_WFI);
}

static void the_kernel_reads_the_time(void **state)
{
    (void)state;
    vscsr_hart.time = 5000;
    vcpu->csrs.htimedelta = -2000UL;
    assert_int_equal(handle(INSN_RDTIME(10U)), EXIT_ADVANCE);
    assert_int_equal(trap.insn_len, 4);
    assert_int_equal(vcpu->regs.x[10], 3000);
    assert_int_equal(handle(INSN_RDTIME(0U)), EXIT_ADVANCE);
    assert_int_equal(vcpu->regs.x[0], 0);
}

static void the_kernel_reads_its_cycles(void **state)
{
    (void)state;
    pmu_update(&vcpu->pmu, vscsr_hart.counters);
    vscsr_hart.counters.cycle = 77;
    assert_int_equal(handle(INSN_READ_CYCLE), EXIT_ADVANCE);
    assert_int_equal(vcpu->pmu.counters[PMU_CYCLE].value, 77);
}

static void what_only_we_may_do_is_illegal(void **state)
{
    const uint32_t words[] = {INSN_CSRRW_TIME,    INSN_READ_HGATP,  INSN_READ_VSSTATUS,
                              INSN_HLV_W,         INSN_HFENCE_VVMA, INSN_HFENCE_GVMA,
                              INSN_SFENCE_VMA,    INSN_SRET,        INSN_READ_SSTATUS,
                              INSN_READ_STIMECMP, INSN_CBO_ZERO,    INSN_READ_HPMCOUNTERH};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(words); i++)
        expect_illegal(words[i]);
    enter_user_mode();
    for (unsigned i = 0; i < ARRAY_SIZE(words); i++)
        expect_illegal(words[i]);
}

/* tval has the two bytes of a compressed instruction, and no others. */
static void a_compressed_one_is_illegal_too(void **state)
{
    (void)state;
    expect_illegal(INSN_C_NOP);
    expect_illegal(0);
}

/* stval may be 0, or what an earlier trap left there: the code itself says what it was. */
static void stval_is_not_believed(void **state)
{
    (void)state;
    trap.stval = INSN_READ_HGATP;
    assert_int_equal(handle(INSN_WFI), EXIT_WAIT);
    trap.stval = INSN_WFI;
    expect_illegal(INSN_READ_HGATP);
    assert_int_equal(fetch_fake.insns, 2);
}

static void a_fetch_to_be_retried_changes_nothing(void **state)
{
    struct vcpu_regs before = vcpu->regs;

    (void)state;
    fetch_fake.result = FETCH_RETRY;
    assert_int_equal(handle(INSN_WFI), EXIT_RESUME);
    assert_memory_equal(&vcpu->regs, &before, sizeof(before));
}

static void a_fetch_that_faults_is_the_guests_fault(void **state)
{
    (void)state;
    fetch_fake.result = FETCH_FAULT;
    fetch_fake.fault = (struct exception){.cause = CAUSE_INSN_ACCESS_FAULT, .tval = PC};
    assert_int_equal(handle(INSN_WFI), EXIT_INJECT);
    assert_int_equal(vcpu->inject.cause, CAUSE_INSN_ACCESS_FAULT);
    assert_int_equal(vcpu->inject.tval, PC);
}

#define INSN_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        INSN_TEST(the_kernels_wfi_waits),
        INSN_TEST(wrs_nto_lets_others_go_first),
        INSN_TEST(a_users_wfi_is_illegal),
        INSN_TEST(the_kernel_reads_the_time),
        INSN_TEST(the_kernel_reads_its_cycles),
        INSN_TEST(what_only_we_may_do_is_illegal),
        INSN_TEST(a_compressed_one_is_illegal_too),
        INSN_TEST(stval_is_not_believed),
        INSN_TEST(a_fetch_to_be_retried_changes_nothing),
        INSN_TEST(a_fetch_that_faults_is_the_guests_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
