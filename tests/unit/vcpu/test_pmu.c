/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters: which count what, and that they count only then.
 */
#include "vcpu/pmu.h"

#include "fakes/caps.h"
#include "lib/err.h"
#include "riscv/cause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FIRMWARE_ALL (BIT(PMU_COUNT) - BIT(PMU_FIRMWARE))
#define FIXED        (BIT(PMU_CYCLE) | BIT(PMU_INSTRET))

static struct pmu pmu;

static int start(void **state)
{
    (void)state;
    caps_reset();
    memset(&pmu, 0xa5, sizeof(pmu));
    pmu_reset(&pmu);
    pmu_update(&pmu, (struct pmu_hart){.cycle = 1000, .instret = 500});
    return 0;
}

static uint64_t firmware(uint64_t code)
{
    return field_set(SBI_PMU_EVENT_TYPE, code, SBI_PMU_TYPE_FIRMWARE);
}

static void run_until(uint64_t cycle, uint64_t instret)
{
    pmu_update(&pmu, (struct pmu_hart){.cycle = cycle, .instret = instret});
}

static void expect_fixed(uint64_t cycle, uint64_t instret)
{
    assert_int_equal(pmu.counters[PMU_CYCLE].value, cycle);
    assert_int_equal(pmu.counters[PMU_INSTRET].value, instret);
}

/* The vCPU loses its hart, and takes one, at these counts. */
static void lose(uint64_t cycle, uint64_t instret)
{
    pmu_end(&pmu, (struct pmu_hart){.cycle = cycle, .instret = instret});
}

static void take(uint64_t cycle, uint64_t instret)
{
    pmu_begin(&pmu, (struct pmu_hart){.cycle = cycle, .instret = instret});
}

static void who_asks_first_finds_zeros(void **state)
{
    (void)state;
    pmu_reset(&pmu);
    assert_false(pmu.is_used);
    run_until(7000, 3000);
    assert_true(pmu.is_used);
    expect_fixed(0, 0);
    run_until(7001, 3002);
    expect_fixed(1, 2);
}

static void cycle_and_instret_run_from_the_first_use_on(void **state)
{
    (void)state;
    expect_fixed(0, 0);
    run_until(1100, 530);
    expect_fixed(100, 30);
    run_until(1100, 530);
    expect_fixed(100, 30);
}

/* What the hart counts between two turns is others'. */
static void other_vcpus_turns_do_not_count(void **state)
{
    (void)state;
    lose(1100, 530);
    take(9000, 7000);
    run_until(9001, 7002);
    expect_fixed(101, 32);
    lose(9001, 7002);
    /* on another hart, whose counters are smaller */
    take(3, 2);
    run_until(4, 4);
    expect_fixed(102, 34);
    run_until(3, 4); /* the hart's wrap */
    expect_fixed(101, 34);
}

/* What is not brought up to date yet when it loses the hart is not lost. */
static void turns_add_up(void **state)
{
    (void)state;
    lose(1100, 530);
    take(9000, 7000);
    lose(9010, 7001);
    run_until(0, 0); /* it has no hart */
    expect_fixed(110, 31);
    take(20000, 20000);
    run_until(20001, 20001);
    expect_fixed(111, 32);
}

static void what_is_stopped_stands_still(void **state)
{
    (void)state;
    run_until(1100, 530);
    pmu_stop(&pmu, BIT(PMU_CYCLE));
    run_until(2000, 600);
    expect_fixed(100, 100);
    pmu_start(&pmu, BIT(PMU_CYCLE));
    pmu_stop(&pmu, BIT(PMU_INSTRET));
    run_until(2001, 700);
    expect_fixed(101, 100);
}

static void counters_are_those_that_the_machine_shows(void **state)
{
    (void)state;
    assert_int_equal(pmu_all(), FIRMWARE_ALL | FIXED);
    caps.cycle = false;
    assert_int_equal(pmu_all(), FIRMWARE_ALL | BIT(PMU_INSTRET));
    caps.instret = false;
    assert_int_equal(pmu_all(), FIRMWARE_ALL);
}

/* The first counter that can count the event, of all. */
static unsigned match(uint64_t event)
{
    return pmu_match(&pmu, pmu_all(), event, false);
}

static void each_event_has_its_counters(void **state)
{
    (void)state;
    assert_int_equal(match(SBI_PMU_HW_CPU_CYCLES), PMU_CYCLE);
    assert_int_equal(match(SBI_PMU_HW_INSTRUCTIONS), PMU_INSTRET);
    for (uint64_t code = 0; code <= SBI_PMU_FW_SFENCE_VMA_ASID_RECEIVED; code++)
        assert_int_equal(match(firmware(code)), PMU_FIRMWARE);
    assert_int_equal(pmu_match(&pmu, BIT(9) | BIT(7) | FIXED, firmware(0), false), 7);
}

static void other_events_have_none(void **state)
{
    static const uint64_t events[] = {
        0,          3,       10,      11,      0x10000, 0x20000,     0xf000e,           0xf0016,
        0xf003f,    0xf0040, 0xf00ff, 0xf0100, 0xfffff, BIT(20) | 1, BIT(20) | 0xf0005, BIT(63) | 1,
        UINT64_MAX,
    };

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(events); i++)
        assert_int_equal(match(events[i]), PMU_NONE);
    assert_int_equal(pmu_match(&pmu, FIXED, firmware(0), false), PMU_NONE);
    assert_int_equal(pmu_match(&pmu, 0, firmware(0), false), PMU_NONE);
    assert_int_equal(pmu_match(&pmu, BIT(PMU_INSTRET), SBI_PMU_HW_CPU_CYCLES, false), PMU_NONE);
}

static void a_configured_counter_is_in_use_until_it_is_forgotten(void **state)
{
    (void)state;
    pmu_configure(&pmu, match(SBI_PMU_HW_CPU_CYCLES), SBI_PMU_HW_CPU_CYCLES);
    assert_int_equal(match(SBI_PMU_HW_CPU_CYCLES), PMU_NONE);
    for (unsigned i = 0; i < PMU_FIRMWARE_COUNT; i++) {
        assert_int_equal(match(firmware(0)), PMU_FIRMWARE + i);
        pmu_configure(&pmu, PMU_FIRMWARE + i, firmware(0));
    }
    assert_int_equal(match(firmware(1)), PMU_NONE);
    pmu_forget(&pmu, BIT(PMU_CYCLE) | BIT(PMU_FIRMWARE + 4));
    assert_int_equal(match(firmware(1)), PMU_FIRMWARE + 4);
    assert_int_equal(match(SBI_PMU_HW_CPU_CYCLES), PMU_CYCLE);
}

/* SKIP_MATCH: the first of the set, unless that runs already. */
static void the_first_of_a_set_or_none(void **state)
{
    (void)state;
    assert_int_equal(pmu_match(&pmu, BIT(7) | BIT(9), firmware(2), true), 7);
    assert_int_equal(pmu_match(&pmu, FIXED, SBI_PMU_HW_CPU_CYCLES, true), PMU_CYCLE);
    assert_int_equal(pmu_match(&pmu, FIXED, SBI_PMU_HW_INSTRUCTIONS, true), PMU_NONE);
    pmu_configure(&pmu, 7, firmware(2));
    assert_int_equal(pmu_match(&pmu, BIT(7) | BIT(9), firmware(3), true), 7);
    pmu_start(&pmu, BIT(7));
    assert_int_equal(pmu_match(&pmu, BIT(7) | BIT(9), firmware(3), true), PMU_NONE);
}

static void an_event_counts_where_it_is_watched(void **state)
{
    (void)state;
    pmu_configure(&pmu, 4, firmware(SBI_PMU_FW_SET_TIMER));
    pmu_configure(&pmu, 5, firmware(SBI_PMU_FW_SET_TIMER));
    pmu_configure(&pmu, 6, firmware(SBI_PMU_FW_IPI_SENT));
    pmu_count(&pmu, SBI_PMU_FW_SET_TIMER);
    assert_int_equal(pmu.counters[4].value, 0);
    pmu_start(&pmu, BIT(4) | BIT(6));
    pmu_count(&pmu, SBI_PMU_FW_SET_TIMER);
    pmu_start(&pmu, BIT(5));
    pmu_count(&pmu, SBI_PMU_FW_SET_TIMER);
    pmu_count(&pmu, SBI_PMU_FW_IPI_RECEIVED);
    assert_int_equal(pmu.counters[4].value, 2);
    assert_int_equal(pmu.counters[5].value, 1);
    assert_int_equal(pmu.counters[6].value, 0);
    pmu_stop(&pmu, BIT(4) | BIT(5));
    assert_int_equal(pmu.watched, BIT(SBI_PMU_FW_IPI_SENT));
    pmu_count(&pmu, SBI_PMU_FW_SET_TIMER);
    assert_int_equal(pmu.counters[4].value, 2);
    pmu_forget(&pmu, BIT(6));
    assert_int_equal(pmu.watched, 0);
}

static void exceptions_are_events(void **state)
{
    static const uint8_t causes[][2] = {
        {CAUSE_LOAD_MISALIGNED, SBI_PMU_FW_MISALIGNED_LOAD},
        {CAUSE_STORE_MISALIGNED, SBI_PMU_FW_MISALIGNED_STORE},
        {CAUSE_LOAD_ACCESS_FAULT, SBI_PMU_FW_ACCESS_LOAD},
        {CAUSE_STORE_ACCESS_FAULT, SBI_PMU_FW_ACCESS_STORE},
        {CAUSE_ILLEGAL_INSN, SBI_PMU_FW_ILLEGAL_INSN},
    };

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(causes); i++) {
        pmu_configure(&pmu, PMU_FIRMWARE + i, firmware(causes[i][1]));
        pmu_start(&pmu, BIT(PMU_FIRMWARE + i));
    }
    for (uint64_t cause = 0; cause < CAUSE_COUNT; cause++)
        pmu_count_exception(&pmu, cause);
    for (unsigned i = 0; i < ARRAY_SIZE(causes); i++) {
        assert_int_equal(pmu.counters[PMU_FIRMWARE + i].value, 1);
        pmu_count_exception(&pmu, causes[i][0]);
        assert_int_equal(pmu.counters[PMU_FIRMWARE + i].value, 2);
    }
}

static void what_has_an_event(void **state)
{
    (void)state;
    assert_true(pmu_have_events(&pmu, 0));
    assert_true(pmu_have_events(&pmu, FIXED));
    assert_false(pmu_have_events(&pmu, FIXED | BIT(5)));
    pmu_configure(&pmu, 5, firmware(0));
    assert_true(pmu_have_events(&pmu, FIXED | BIT(5)));
    assert_false(pmu_have_events(&pmu, BIT(5) | BIT(6)));
}

static uint8_t buffer[2048];

static size_t save(void)
{
    struct archive archive;

    archive_init_writer(&archive, buffer, sizeof(buffer));
    pmu_archive(&pmu, &archive);
    assert_int_equal(archive.error, 0);
    return archive.position;
}

static int load(size_t size)
{
    struct archive archive;

    archive_init_reader(&archive, buffer, size);
    pmu_archive(&pmu, &archive);
    return archive.error;
}

static void an_archive_brings_them_back(void **state)
{
    struct pmu before;
    size_t size;

    (void)state;
    pmu_configure(&pmu, 8, firmware(SBI_PMU_FW_IPI_SENT));
    pmu_start(&pmu, BIT(8));
    pmu_stop(&pmu, BIT(PMU_CYCLE));
    pmu.counters[8].value = 88;
    lose(1000, 507);
    size = save();
    expect_fixed(0, 7);
    before = pmu;
    pmu_reset(&pmu);
    assert_int_equal(load(size), 0);
    assert_memory_equal(&pmu, &before, sizeof(pmu));
    assert_int_equal(load(size - 1), ERR_CORRUPT);
}

static void other_archives_are_refused(void **state)
{
    (void)state;
    pmu.running |= BIT(1);
    assert_int_equal(load(save()), ERR_CORRUPT);
    pmu.running = BIT(PMU_COUNT);
    assert_int_equal(load(save()), ERR_CORRUPT);
    pmu_reset(&pmu);
    pmu.counters[5].event = SBI_PMU_HW_CPU_CYCLES;
    assert_int_equal(load(save()), ERR_CORRUPT);
    pmu.counters[5].event = 0xf0040; /* its bit would be none of a word's */
    assert_int_equal(load(save()), ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_asks_first_finds_zeros, start),
        cmocka_unit_test_setup(cycle_and_instret_run_from_the_first_use_on, start),
        cmocka_unit_test_setup(turns_add_up, start),
        cmocka_unit_test_setup(other_vcpus_turns_do_not_count, start),
        cmocka_unit_test_setup(what_is_stopped_stands_still, start),
        cmocka_unit_test_setup(counters_are_those_that_the_machine_shows, start),
        cmocka_unit_test_setup(each_event_has_its_counters, start),
        cmocka_unit_test_setup(other_events_have_none, start),
        cmocka_unit_test_setup(a_configured_counter_is_in_use_until_it_is_forgotten, start),
        cmocka_unit_test_setup(the_first_of_a_set_or_none, start),
        cmocka_unit_test_setup(an_event_counts_where_it_is_watched, start),
        cmocka_unit_test_setup(exceptions_are_events, start),
        cmocka_unit_test_setup(what_has_an_event, start),
        cmocka_unit_test_setup(an_archive_brings_them_back, start),
        cmocka_unit_test_setup(other_archives_are_refused, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
