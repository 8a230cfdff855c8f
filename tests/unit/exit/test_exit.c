/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table from cause to handler, and what becomes of each verdict: where the pc is afterwards,
 * and what reaches the hart's CSRs. Each handler's own matters are in its own test.
 */
#include "exit/exit.h"

#include "fakes/machine.h"
#include "riscv/csr.h"

#include <stdio.h>

#define PC      0x80204560UL
#define HANDLER 0xffffffff80003000UL

#define INSN_LW_X0 0x00052003U /* lw x0, 0(a0) */
#define INSN_C_LW  0x4108U     /* c.lw a0, 0(a0) */
#define INSN_WFI   0x10500073U

static struct vcpu_home home;
static struct vm *vm;
static struct vcpu *vcpu;

static int start(void **state)
{
    int err = machine_setup(state);

    if (err)
        return err;
    vm = machine_add("a", 2, &home);
    vcpu = &vm->vcpus[0];
    machine_trap(vcpu, PC);
    vscsr_hart.csrs.vstvec = HANDLER | STVEC_MODE_VECTORED;
    return 0;
}

static enum exit_verdict handle(uint64_t scause, uint64_t stval, uint64_t htval)
{
    struct trap trap = {.scause = scause, .stval = stval, .htval = htval, .insn_len = 4};

    return exit_take(vcpu, &trap);
}

/* The guest is at the first instruction of its handler, and the hart knows why. */
static void expect_injected(uint64_t cause, uint64_t tval)
{
    assert_int_equal(vcpu->regs.sepc, HANDLER);
    assert_int_equal(vscsr_hart.csrs.vsepc, PC);
    assert_int_equal(vscsr_hart.csrs.vscause, cause);
    assert_int_equal(vscsr_hart.csrs.vstval, tval);
}

static void the_guests_own_exceptions_are_reflected(void **state)
{
    const uint64_t causes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 15, 18};

    for (unsigned i = 0; i < ARRAY_SIZE(causes); i++) {
        assert_int_equal(handle(causes[i], 0x1000 + i, 0), EXIT_RESUME);
        expect_injected(causes[i], 0x1000 + i);
        machine_teardown(state);
        start(state);
    }
}

/* The struct is behind: while the vCPU is loaded, its trap CSRs stand in the hart. So delivery
 * reads them there, and writes the new ones there. */
static void delivery_works_on_what_the_hart_holds(void **state)
{
    (void)state;
    vcpu->regs.sstatus &= ~SSTATUS_SPP; /* from VU-mode */
    vcpu->regs.hstatus &= ~HSTATUS_SPVP;
    vcpu->csrs.vsstatus = UINT64_MAX;
    vcpu->csrs.vstvec = 0x1234;
    vscsr_hart.csrs.vsstatus = SSTATUS_SUM | SSTATUS_SIE | SSTATUS_SPP;
    assert_int_equal(handle(CAUSE_ILLEGAL_INSN, 0x55, 0), EXIT_RESUME);
    expect_injected(CAUSE_ILLEGAL_INSN, 0x55);
    assert_int_equal(vscsr_hart.csrs.vsstatus, SSTATUS_SUM | SSTATUS_SPIE);
    assert_false(vcpu_was_user(vcpu));
    assert_true(vcpu->regs.hstatus & HSTATUS_SPVP);
    assert_int_equal(vscsr_hart.csrs.vstvec, HANDLER | STVEC_MODE_VECTORED);
}

/* The PMU's trap events are those that we deliver; the hart's own are not seen. */
static void what_is_delivered_by_hand_is_an_event(void **state)
{
    struct pmu *pmu = &vcpu->pmu;

    (void)state;
    pmu_configure(pmu, PMU_FIRMWARE,
                  field_set(SBI_PMU_EVENT_TYPE, SBI_PMU_FW_ILLEGAL_INSN, SBI_PMU_TYPE_FIRMWARE));
    pmu_start(pmu, BIT(PMU_FIRMWARE));
    handle(CAUSE_ILLEGAL_INSN, 0x55, 0);
    handle(CAUSE_BREAKPOINT, 0, 0);
    assert_int_equal(pmu->counters[PMU_FIRMWARE].value, 1);
}

static void an_unknown_cause_ends_this_machine_only(void **state)
{
    const uint64_t causes[] = {9,  11, 14, 16, 17,   19,         24,
                               25, 48, 63, 64, 1000, 0x7fffffff, 1UL << 62};

    for (unsigned i = 0; i < ARRAY_SIZE(causes); i++) {
        assert_int_equal(handle(causes[i], 7, 0), EXIT_HALT);
        assert_int_equal(vm->state, VM_CRASHED);
        assert_int_equal(vm->crash.trap.scause, causes[i]);
        assert_int_equal(vm->crash.pc, PC);
        assert_int_equal(vcpu->regs.sepc, PC);
        assert_int_equal(vm->vcpus[1].requests, VCPU_REQUEST_STOP);
        machine_teardown(state);
        start(state);
    }
}

static void an_interrupt_of_the_host_is_taken_outside(void **state)
{
    const uint64_t codes[] = {1, 5, 9, 12, 2, 63};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(codes); i++) {
        assert_int_equal(handle(CAUSE_INTERRUPT | codes[i], 0, 0), EXIT_YIELD);
        trace_check("interrupts");
        assert_int_equal(vcpu->regs.sepc, PC);
        assert_int_equal(vm->state, VM_RUNNING);
    }
}

static void an_ecall_is_answered_and_passed(void **state)
{
    (void)state;
    vcpu->regs.x[REG_A7] = SBI_EXT_BASE;
    vcpu->regs.x[REG_A6] = SBI_BASE_GET_SPEC_VERSION;
    vcpu->regs.x[REG_A0] = 77;
    assert_int_equal(handle(CAUSE_ECALL_VS, 0, 0), EXIT_RESUME);
    assert_int_equal(vcpu->regs.x[REG_A0], SBI_SUCCESS);
    assert_int_equal(vcpu->regs.x[REG_A1], 2UL << 24);
    assert_int_equal(vcpu->regs.sepc, PC + 4);
}

static void the_length_of_the_instruction_is_passed(void **state)
{
    (void)state;
    fetch_fake.word = INSN_LW_X0;
    assert_int_equal(handle(CAUSE_LOAD_GUEST_PAGE_FAULT, 0, BOARD_UART_BASE >> 2), EXIT_RESUME);
    assert_int_equal(vcpu->regs.sepc, PC + 4);
    fetch_fake.word = INSN_C_LW;
    assert_int_equal(handle(CAUSE_LOAD_GUEST_PAGE_FAULT, 0, BOARD_UART_BASE >> 2), EXIT_RESUME);
    assert_int_equal(vcpu->regs.sepc, PC + 6);
}

static void waiting_goes_on_behind_the_instruction(void **state)
{
    (void)state;
    fetch_fake.word = INSN_WFI;
    assert_int_equal(handle(CAUSE_VIRTUAL_INSN, 0, 0), EXIT_WAIT);
    assert_int_equal(vcpu->regs.sepc, PC + 4);
    vcpu->regs.x[REG_A7] = SBI_EXT_HSM;
    vcpu->regs.x[REG_A6] = SBI_HSM_HART_SUSPEND;
    assert_int_equal(handle(CAUSE_ECALL_VS, 0, 0), EXIT_WAIT);
    assert_int_equal(vcpu->regs.sepc, PC + 8);
}

static void the_pc_of_a_machine_that_ends_stays(void **state)
{
    (void)state;
    vcpu->regs.x[REG_A7] = SBI_EXT_SRST;
    assert_int_equal(handle(CAUSE_ECALL_VS, 0, 0), EXIT_HALT);
    assert_int_equal(vcpu->regs.sepc, PC);
    assert_int_equal(vm->state, VM_HALTED);
}

#define EXIT_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXIT_TEST(the_guests_own_exceptions_are_reflected),
        EXIT_TEST(delivery_works_on_what_the_hart_holds),
        EXIT_TEST(what_is_delivered_by_hand_is_an_event),
        EXIT_TEST(an_unknown_cause_ends_this_machine_only),
        EXIT_TEST(an_interrupt_of_the_host_is_taken_outside),
        EXIT_TEST(an_ecall_is_answered_and_passed),
        EXIT_TEST(the_length_of_the_instruction_is_passed),
        EXIT_TEST(waiting_goes_on_behind_the_instruction),
        EXIT_TEST(the_pc_of_a_machine_that_ends_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
