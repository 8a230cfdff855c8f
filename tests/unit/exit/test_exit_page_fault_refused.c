/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest-page faults that mean no device: each comes back to the guest as the access fault that
 * the real board gives, or as the fault of fetching the instruction.
 */
#include "probe_device.h"
#include "riscv/csr.h"
#include "vm/debug.h"

/* Refused with the access fault of its kind, nothing touched. */
static void expect_access_fault(struct trap trap, enum cause cause)
{
    struct vcpu_regs before = vcpu->regs;

    assert_int_equal(fault_handle(&trap), EXIT_INJECT);
    assert_int_equal(vcpu->inject.cause, cause);
    assert_int_equal(vcpu->inject.tval, trap.stval);
    assert_memory_equal(&vcpu->regs, &before, sizeof(before));
    assert_int_equal(probe.reads + probe.writes, 0);
}

static void a_hole_is_an_access_fault(void **state)
{
    (void)state;
    fetch_fake.word = INSN_LOAD(2U, 5);
    expect_access_fault(fault(LOAD, HOLE, 0), CAUSE_LOAD_ACCESS_FAULT);
    expect_access_fault(fault(LOAD, UINT64_MAX - 3, 0), CAUSE_LOAD_ACCESS_FAULT);
    fetch_fake.word = INSN_STORE(2U, 5);
    expect_access_fault(fault(STORE, HOLE, 0), CAUSE_STORE_ACCESS_FAULT);
    expect_access_fault(fault(STORE, BOARD_RAM_BASE + MACHINE_RAM, 0), CAUSE_STORE_ACCESS_FAULT);
}

static void what_passes_a_device_is_an_access_fault(void **state)
{
    (void)state;
    fetch_fake.word = INSN_LOAD(3U, 5);
    expect_access_fault(fault(LOAD, DEVICE + 0xffc, 0), CAUSE_LOAD_ACCESS_FAULT); /* its end */
    expect_access_fault(fault(LOAD, DEVICE + 4, 0), CAUSE_LOAD_ACCESS_FAULT);     /* misaligned */
    fetch_fake.word = INSN_STORE(1U, 5);
    expect_access_fault(fault(STORE, DEVICE + 1, 0), CAUSE_STORE_ACCESS_FAULT);
}

/* A fetch is never for a device, and needs no instruction to be known. */
static void a_fetch_is_an_access_fault(void **state)
{
    (void)state;
    fetch_fake.word = INSN_LOAD(2U, 5);
    expect_access_fault(fault(FETCH, DEVICE, 0), CAUSE_INSN_ACCESS_FAULT);
    expect_access_fault(fault(FETCH, HOLE, 0), CAUSE_INSN_ACCESS_FAULT);
    assert_int_equal(fetch_fake.insns, 0);
}

/* Told of it as a trap, the guest would fetch its handler again, for ever. */
static void a_handler_that_cannot_be_fetched_is_the_end(void **state)
{
    struct trap trap = fault(FETCH, HOLE, 0);

    (void)state;
    vscsr_hart.csrs.vstvec = PC | STVEC_MODE_VECTORED;
    vscsr_hart.csrs.vscause = CAUSE_ILLEGAL_INSN;
    vscsr_hart.csrs.vsepc = 0x1234;
    vscsr_hart.csrs.vstval = 0x5678;
    assert_int_equal(fault_handle(&trap), EXIT_HALT);
    assert_int_equal(vcpu->vm->state, VM_CRASHED);
    assert_string_equal(vcpu->vm->reason, "its trap handler cannot be fetched");
    assert_int_equal(vcpu->vm->crash.trap.scause, FETCH);
    assert_int_equal(vcpu->vm->crash.trap.htval, HOLE >> 2);
    assert_int_equal(vcpu->vm->crash.pc, PC);
    assert_int_equal(vcpu->vm->crash.vstvec, PC | STVEC_MODE_VECTORED);
    assert_int_equal(vcpu->vm->crash.vscause, CAUSE_ILLEGAL_INSN);
    assert_int_equal(vcpu->vm->crash.vsepc, 0x1234);
    assert_int_equal(vcpu->vm->crash.vstval, 0x5678);
}

/* A process of the guest at the handler's address, or the handler at a device's: no such end. */
static void other_faults_at_the_handler_are_not(void **state)
{
    (void)state;
    vscsr_hart.csrs.vstvec = PC;
    fetch_fake.word = INSN_LOAD(2U, 5);
    expect_access_fault(fault(LOAD, HOLE, 0), CAUSE_LOAD_ACCESS_FAULT);
    vcpu->regs.sstatus &= ~SSTATUS_SPP;
    vcpu->regs.hstatus &= ~HSTATUS_SPVP;
    expect_access_fault(fault(FETCH, HOLE, 0), CAUSE_INSN_ACCESS_FAULT);
    assert_int_equal(vcpu->vm->state, VM_RUNNING);
}

/* The guest's page table lies where no RAM is: the fault is of the access, not of the walk, and a
 * device there is not asked. */
static void a_walk_outside_of_ram_is_an_access_fault(void **state)
{
    const uint64_t walks[] = {0x3000, 0x3020, 0x2000, 0x2020};

    (void)state;
    fetch_fake.word = INSN_LOAD(2U, 5);
    for (unsigned i = 0; i < ARRAY_SIZE(walks); i++) {
        expect_access_fault(fault(LOAD, DEVICE, walks[i]), CAUSE_LOAD_ACCESS_FAULT);
        expect_access_fault(fault(STORE, DEVICE, walks[i]), CAUSE_STORE_ACCESS_FAULT);
        expect_access_fault(fault(FETCH, DEVICE, walks[i]), CAUSE_INSN_ACCESS_FAULT);
    }
    assert_int_equal(fetch_fake.insns, 0);
}

/* AMO, LR and FP, compressed FP too: a device does not do that. */
static void other_instructions_are_access_faults(void **state)
{
    const uint32_t insns[] = {INSN_AMOADD_W, INSN_LR_D, INSN_FLD,        INSN_FSW,
                              INSN_ADDI,     0,         INSN_C_0(1U, 8), INSN_C_0(5U, 8)};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(insns); i++) {
        fetch_fake.word = insns[i];
        expect_access_fault(fault(LOAD, DEVICE, 0), CAUSE_LOAD_ACCESS_FAULT);
        expect_access_fault(fault(STORE, DEVICE, 0), CAUSE_STORE_ACCESS_FAULT);
    }
    for (unsigned i = 0; i < 4; i++) {
        expect_access_fault(fault(STORE, DEVICE, TRANSFORMED(insns[i])), CAUSE_STORE_ACCESS_FAULT);
    }
}

/* Another hart of the guest changed the code in between: then the instruction is not the one that
 * faulted. A load that is reported as a store is not carried out as either. */
static void the_cause_and_the_instruction_must_agree(void **state)
{
    (void)state;
    fetch_fake.word = INSN_LOAD(2U, 5);
    expect_access_fault(fault(STORE, DEVICE, 0), CAUSE_STORE_ACCESS_FAULT);
    fetch_fake.word = INSN_STORE(2U, 5);
    expect_access_fault(fault(LOAD, DEVICE, 0), CAUSE_LOAD_ACCESS_FAULT);
}

/* A misaligned access that began on the page before: "Addr. Offset" of htinst is not 0. */
static void an_offset_is_an_access_fault(void **state)
{
    (void)state;
    for (uint64_t offset = 1; offset < 8; offset++) {
        uint64_t field = field_set(BITS(19, 15), 0, offset);

        expect_access_fault(fault(LOAD, DEVICE, TRANSFORMED(INSN_LOAD(3U, 5)) | field),
                            CAUSE_LOAD_ACCESS_FAULT);
        expect_access_fault(fault(STORE, DEVICE, TRANSFORMED(INSN_STORE(3U, 5)) | field),
                            CAUSE_STORE_ACCESS_FAULT);
    }
}

/* The translation of the code went away: entered again, the hart reports that by itself. */
static void a_fetch_to_be_retried_changes_nothing(void **state)
{
    struct vcpu_regs before = vcpu->regs;
    struct trap trap = fault(LOAD, DEVICE, 0);

    (void)state;
    fetch_fake.result = FETCH_RETRY;
    assert_int_equal(fault_handle(&trap), EXIT_RESUME);
    assert_memory_equal(&vcpu->regs, &before, sizeof(before));
    assert_int_equal(probe.reads, 0);
}

static void a_fetch_that_faults_is_the_guests_fault(void **state)
{
    struct trap trap = fault(STORE, DEVICE, 0);

    (void)state;
    fetch_fake.result = FETCH_FAULT;
    fetch_fake.fault = (struct exception){.cause = CAUSE_INSN_PAGE_FAULT, .tval = PC + 2};
    assert_int_equal(fault_handle(&trap), EXIT_INJECT);
    assert_int_equal(vcpu->inject.cause, CAUSE_INSN_PAGE_FAULT);
    assert_int_equal(vcpu->inject.tval, PC + 2);
    assert_int_equal(probe.writes, 0);
}

/* RAM that a debugger took rights of: for it to say. Elsewhere a fault is what it always was. */
static void a_watched_page_is_the_debuggers(void **state)
{
    struct trap trap = fault(STORE, BOARD_RAM_BASE, 0);

    (void)state;
    fetch_fake.word = INSN_STORE(2U, 5);
    debug_begin(vcpu->vm);
    expect_access_fault(fault(STORE, HOLE, 0), CAUSE_STORE_ACCESS_FAULT);
    assert_int_equal(fault_handle(&trap), EXIT_HALT);
    assert_int_equal(vcpu->debug.has_event, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(a_hole_is_an_access_fault),
        FAULT_TEST(what_passes_a_device_is_an_access_fault),
        FAULT_TEST(a_fetch_is_an_access_fault),
        FAULT_TEST(a_handler_that_cannot_be_fetched_is_the_end),
        FAULT_TEST(other_faults_at_the_handler_are_not),
        FAULT_TEST(a_walk_outside_of_ram_is_an_access_fault),
        FAULT_TEST(other_instructions_are_access_faults),
        FAULT_TEST(the_cause_and_the_instruction_must_agree),
        FAULT_TEST(an_offset_is_an_access_fault),
        FAULT_TEST(a_fetch_to_be_retried_changes_nothing),
        FAULT_TEST(a_fetch_that_faults_is_the_guests_fault),
        FAULT_TEST(a_watched_page_is_the_debuggers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
