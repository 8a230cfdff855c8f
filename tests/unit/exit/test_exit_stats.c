/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exits by cause: each counts in one row, and the report has each row once.
 */
#include "exit/exit_observe.h"
#include "exit/exit_stats.h"

#include "fakes/machine.h"
#include "sbi/sbi.h"
#include "vcpu/exit_counts.h"

#define UART BOARD_UART_BASE
#define HOLE 0x30000000UL

static struct vcpu_home home;
static struct vm *vm;
static char text[4096];

static void collect(const char *piece, size_t length)
{
    strncat(text, piece, length);
}

static int start(void **state)
{
    int err = machine_setup(state);

    if (err)
        return err;
    caps.timebase = 10000000;
    text[0] = '\0';
    machine_counts = true;
    vm = machine_add("a", 2, &home);
    machine_trap(&vm->vcpus[1], 0x80200000);
    return 0;
}

static enum exit_verdict handle(uint64_t scause, uint64_t gpa)
{
    struct trap trap = {.scause = scause, .htval = gpa >> 2, .stval = gpa & 3, .insn_len = 4};

    return exit_observe(&vm->vcpus[1], &trap);
}

static enum exit_verdict call(uint64_t extension)
{
    vm->vcpus[1].regs.x[REG_A7] = extension;
    vm->vcpus[1].regs.x[REG_A6] = 0;
    return handle(CAUSE_ECALL_VS, 0);
}

static void the_verdict_is_the_handlers(void **state)
{
    (void)state;
    assert_int_equal(call(SBI_EXT_BASE), EXIT_RESUME);
    assert_int_equal(vm->vcpus[1].regs.sepc, 0x80200004);
    assert_int_equal(handle(CAUSE_INTERRUPT | INTERRUPT_STI, 0), EXIT_YIELD);
    assert_int_equal(handle(CAUSE_HARDWARE_ERROR, 0), EXIT_HALT);
}

static void every_cause_has_its_row(void **state)
{
    const struct exit_counts *counts = vm->vcpus[1].counts;

    (void)state;
    fetch_fake.word = 0x00050003; /* lb x0, (a0) */
    call(SBI_EXT_BASE);
    call(SBI_EXT_BASE);
    call(0x12345678);
    handle(CAUSE_INTERRUPT | INTERRUPT_SSI, 0);
    handle(CAUSE_INTERRUPT | 63, 0);
    handle(CAUSE_LOAD_GUEST_PAGE_FAULT, UART);
    handle(CAUSE_LOAD_GUEST_PAGE_FAULT, HOLE);
    handle(CAUSE_STORE_GUEST_PAGE_FAULT, HOLE);
    handle(CAUSE_ILLEGAL_INSN, 0);
    handle(1000, 0);
    assert_int_equal(counts->calls[sbi_index(SBI_EXT_BASE)].count, 2);
    assert_int_equal(counts->calls[sbi_index(0x12345678)].count, 1);
    assert_int_equal(counts->interrupts[INTERRUPT_SSI].count, 1);
    assert_int_equal(counts->interrupts[EXIT_COUNTS_INTERRUPTS - 1].count, 1);
    assert_int_equal(counts->loads[bus_index(&vm->bus, UART)].count, 1);
    assert_int_equal(counts->loads[vm->bus.count].count, 1);
    assert_int_equal(counts->stores[vm->bus.count].count, 1);
    assert_int_equal(counts->exceptions[CAUSE_ILLEGAL_INSN].count, 1);
    assert_int_equal(counts->exceptions[CAUSE_RESERVED_14].count, 1);
}

static void the_report_is_json_and_then_all_is_zero(void **state)
{
    struct exit_counts *counts = vm->vcpus[1].counts;

    (void)state;
    counts->calls[sbi_index(SBI_EXT_TIME)] = (struct exit_count){3, 25000001};
    counts->loads[bus_index(&vm->bus, UART)].count = 7;
    counts->interrupts[INTERRUPT_STI].count = 1;
    vm_stop(vm, VM_HALTED, "done");
    exit_stats_write(vm, collect);
    assert_string_equal(
        text, "{\"vm\": \"a\", \"end\": \"done\", \"vcpus\": [{\"id\": 0, \"exits\": []}, "
              "{\"id\": 1, \"exits\": ["
              "{\"cause\": \"interrupt\", \"what\": \"timer\", \"count\": 1, \"ns\": 0}, "
              "{\"cause\": \"environment call from VS-mode\", \"what\": \"TIME\", \"count\": 3, "
              "\"ns\": 2500000100}, "
              "{\"cause\": \"load guest-page fault\", \"what\": \"uart\", \"count\": 7, "
              "\"ns\": 0}]}]}\n");
    text[0] = '\0';
    exit_stats_write(vm, collect);
    assert_null(strstr(text, "count"));
}

static void who_is_not_counted_is_not_reported(void **state)
{
    (void)state;
    machine_counts = false;
    exit_stats_write(machine_add("b", 1, &home), collect);
    assert_string_equal(text, "");
}

#define STATS_TEST(test) cmocka_unit_test_setup_teardown(test, start, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STATS_TEST(the_verdict_is_the_handlers),
        STATS_TEST(every_cause_has_its_row),
        STATS_TEST(the_report_is_json_and_then_all_is_zero),
        STATS_TEST(who_is_not_counted_is_not_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
