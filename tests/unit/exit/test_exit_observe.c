/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is recorded of an exit, and that it changes nothing of it: each category by itself, and all
 * of them in the order of time.
 */
#include "exit/exit_observe.h"

#include "fakes/put.h"
#include "probe_device.h"
#include "riscv/csr_num.h"
#include "vcpu/exit_counts.h"
#include "vcpu/request.h"

#define CSRRS(rd, csr) (0x00002073U | (rd) << 7 | (uint32_t)(csr) << 20)

static int begin(void **state)
{
    int err = start(state);

    put_reset(0);
    return err;
}

static int end(void **state)
{
    put_reset(0);
    return machine_teardown(state);
}

static enum exit_verdict observe(const struct trap *of)
{
    struct trap trap = *of;

    trap.pc = vcpu->regs.sepc;
    trap.insn_len = 4;
    return exit_observe(vcpu, &trap);
}

static enum exit_verdict call(uint64_t extension, uint64_t function)
{
    vcpu->regs.x[REG_A7] = extension;
    vcpu->regs.x[REG_A6] = function;
    vcpu->regs.x[REG_A0] = 1;
    vcpu->regs.x[REG_A1] = 2;
    return observe(&(struct trap){.scause = CAUSE_ECALL_VS});
}

/* As sched/run.c does it. */
static void enter(void)
{
    trace_entry(vcpu->who, vcpu->regs.sepc, vcpu->regs.hstatus, vcpu->regs.sstatus);
}

static void check_values(const struct trace_record *record, const uint64_t expected[TRACE_VALUES])
{
    assert_non_null(record);
    assert_int_equal(record->vm, vcpu->vm->id);
    assert_int_equal(record->vcpu, vcpu->id);
    for (unsigned i = 0; i < TRACE_VALUES; i++)
        assert_int_equal(record->value[i], expected[i]);
}

#define CHECK(kind, ...) check_values(put_find(kind), (const uint64_t[TRACE_VALUES]){__VA_ARGS__})

static void unasked_nothing_is_recorded(void **state)
{
    (void)state;
    enter();
    assert_int_equal(call(SBI_EXT_BASE, 0), EXIT_RESUME);
    assert_int_equal(put_fake.count, 0);
}

static void who_is_observed(void **state)
{
    struct exit_counts counts = {0};

    (void)state;
    exit_observe_update(vcpu);
    assert_false(vcpu->is_observed);
    for (unsigned i = 0; i < TRACE_CATEGORIES; i++) {
        put_reset(BIT(i));
        exit_observe_update(vcpu);
        assert_int_equal(vcpu->is_observed, i == TRACE_EXIT || i == TRACE_ENTRY || i == TRACE_SBI ||
                                                i == TRACE_REQUEST);
    }
    put_reset(0);
    vcpu->counts = &counts;
    exit_observe_update(vcpu);
    assert_true(vcpu->is_observed);
}

static void an_entry(void **state)
{
    (void)state;
    put_reset(BIT(TRACE_ENTRY));
    enter();
    CHECK(TRACE_KIND_ENTRY, PC, vcpu->regs.hstatus, vcpu->regs.sstatus);
}

/* The trap goes to one of the handlers; run.c is told what it needs, the trace what was decided. */
static void check_verdict(const struct trap *trap, enum exit_verdict told,
                          enum exit_verdict recorded)
{
    put_reset(BIT(TRACE_EXIT));
    assert_int_equal(observe(trap), told);
    assert_int_equal(put_find(TRACE_KIND_EXIT)->detail, recorded);
}

static void a_verdict_is_recorded_as_it_was_decided(void **state)
{
    (void)state;
    vscsr_hart.csrs.vstvec = 0x80200100;
    vcpu->regs.x[REG_A7] = SBI_EXT_BASE;
    check_verdict(&(struct trap){.scause = CAUSE_ECALL_VS}, EXIT_RESUME, EXIT_ADVANCE);
    check_verdict(&(struct trap){.scause = CAUSE_ILLEGAL_INSN}, EXIT_RESUME, EXIT_INJECT);
    check_verdict(&(struct trap){.scause = CAUSE_INTERRUPT | INTERRUPT_STI}, EXIT_YIELD,
                  EXIT_YIELD);
    fetch_fake.result = FETCH_RETRY;
    check_verdict(&(struct trap){.scause = CAUSE_VIRTUAL_INSN}, EXIT_RESUME, EXIT_RESUME);
}

static void an_exit_has_the_trap_and_the_verdict(void **state)
{
    (void)state;
    put_reset(BIT(TRACE_EXIT));
    fetch_fake.word = INSN_ADDI;
    assert_int_equal(observe(&(struct trap){
                         .scause = LOAD, .stval = 0x123, .htval = HOLE >> 2, .htinst = 0x2000}),
                     EXIT_RESUME);
    CHECK(TRACE_KIND_EXIT, LOAD, PC, 0x123, HOLE >> 2, 0x2000);
    assert_int_equal(put_find(TRACE_KIND_EXIT)->detail, EXIT_INJECT);
    put_reset(BIT(TRACE_EXIT));
    assert_int_equal(observe(&(struct trap){.scause = CAUSE_INTERRUPT | INTERRUPT_STI}),
                     EXIT_YIELD);
    assert_int_equal(put_find(TRACE_KIND_EXIT)->detail, EXIT_YIELD);
    assert_int_equal(put_fake.count, 1);
}

static void a_call_has_arguments_and_answer(void **state)
{
    (void)state;
    put_reset(BIT(TRACE_SBI));
    assert_int_equal(call(SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION), EXIT_RESUME);
    CHECK(TRACE_KIND_SBI, SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION, 1, 2, 0, 0x02000000);
    put_reset(BIT(TRACE_SBI));
    assert_int_equal(call(0x12345678, 9), EXIT_RESUME);
    CHECK(TRACE_KIND_SBI, 0x12345678, 9, 1, 2, (uint64_t)SBI_ERR_NOT_SUPPORTED, 0);
    assert_int_equal(put_fake.count, 1);
}

static void accesses_to_devices(void **state)
{
    unsigned place = bus_index(&vcpu->vm->bus, DEVICE);

    (void)state;
    put_reset(BIT(TRACE_MMIO));
    probe.value = 0x55;
    observe(&(struct trap){.scause = LOAD,
                           .htval = DEVICE >> 2,
                           .htinst = TRANSFORMED(INSN_LOAD(3, REG_A1))});
    CHECK(TRACE_KIND_MMIO, DEVICE, 0x55, place);
    assert_int_equal(put_find(TRACE_KIND_MMIO)->detail, 8);
    put_reset(BIT(TRACE_MMIO));
    vcpu->regs.x[REG_A2] = 0x77;
    observe(&(struct trap){.scause = STORE,
                           .htval = DEVICE >> 2,
                           .htinst = TRANSFORMED(INSN_STORE(0, REG_A2))});
    CHECK(TRACE_KIND_MMIO, DEVICE, 0x77, place);
    assert_int_equal(put_find(TRACE_KIND_MMIO)->detail, 1 | TRACE_MMIO_WRITE);
    put_reset(BIT(TRACE_MMIO));
    observe(&(struct trap){.scause = STORE,
                           .htval = HOLE >> 2,
                           .htinst = TRANSFORMED(INSN_STORE(2, REG_A2))});
    CHECK(TRACE_KIND_MMIO, HOLE, 0x77, vcpu->vm->bus.count);
    assert_int_equal(put_find(TRACE_KIND_MMIO)->detail, 4 | TRACE_MMIO_WRITE | TRACE_MMIO_NONE);
}

static void a_csr(void **state)
{
    (void)state;
    put_reset(BIT(TRACE_CSR));
    fetch_fake.word = CSRRS(REG_A1, CSR_NUM_TIME);
    vscsr_hart.time = 500;
    observe(&(struct trap){.scause = CAUSE_VIRTUAL_INSN});
    CHECK(TRACE_KIND_CSR, CSR_NUM_TIME, vcpu->regs.x[REG_A1]);
    assert_int_equal(put_find(TRACE_KIND_CSR)->detail, 0);
}

static void an_injection(void **state)
{
    (void)state;
    put_reset(BIT(TRACE_INJECT));
    vscsr_hart.csrs.vstvec = 0x80200100;
    observe(&(struct trap){.scause = CAUSE_ILLEGAL_INSN, .stval = 0x77});
    CHECK(TRACE_KIND_INJECT, CAUSE_ILLEGAL_INSN, PC, 0x77, 0, 0, 0x80200100);
}

/* Whoever asks in an exit is named; the exit stands ahead of what happens in it. */
static void a_request_names_who_asks(void **state)
{
    struct vcpu *other = &machine_add("b", 2, &home)->vcpus[1];

    (void)state;
    put_reset(BIT(TRACE_EXIT) | BIT(TRACE_REQUEST));
    other->is_blocked = 0;
    vcpu_request(other, VCPU_REQUEST_FENCE_I);
    assert_int_equal(put_fake.records[0].vm, TRACE_NONE);
    assert_int_equal(put_fake.records[0].value[3], UINT64_MAX);
    other->in_guest = 1;
    put_reset(BIT(TRACE_EXIT) | BIT(TRACE_REQUEST));
    home.index = 3;
    assert_non_null(trace_exit_begin(vcpu->who));
    vcpu_request(other, VCPU_REQUEST_FENCE_I);
    CHECK(TRACE_KIND_REQUEST, VCPU_REQUEST_FENCE_I, other->vm->id, 1, 3);
    other->in_guest = 0;
    other->is_blocked = 1;
    put_reset(BIT(TRACE_REQUEST));
    vcpu_request(other, VCPU_REQUEST_START);
    assert_int_equal(put_fake.records[0].value[3], 3);
}

static void they_come_in_order(void **state)
{
    static const uint8_t kinds[] = {TRACE_KIND_ENTRY, TRACE_KIND_EXIT, TRACE_KIND_INJECT,
                                    TRACE_KIND_EXIT, TRACE_KIND_SBI};

    (void)state;
    put_reset(TRACE_MASK_ALL);
    enter();
    observe(&(struct trap){.scause = CAUSE_ILLEGAL_INSN});
    call(SBI_EXT_BASE, 0);
    assert_int_equal(put_fake.count, ARRAY_SIZE(kinds));
    for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++)
        assert_int_equal(put_fake.records[i].kind, kinds[i]);
}

#define OBSERVE_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OBSERVE_TEST(unasked_nothing_is_recorded),
        OBSERVE_TEST(who_is_observed),
        OBSERVE_TEST(an_entry),
        OBSERVE_TEST(a_verdict_is_recorded_as_it_was_decided),
        OBSERVE_TEST(an_exit_has_the_trap_and_the_verdict),
        OBSERVE_TEST(a_call_has_arguments_and_answer),
        OBSERVE_TEST(accesses_to_devices),
        OBSERVE_TEST(a_csr),
        OBSERVE_TEST(an_injection),
        OBSERVE_TEST(a_request_names_who_asks),
        OBSERVE_TEST(they_come_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
