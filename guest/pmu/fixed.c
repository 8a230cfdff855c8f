// SPDX-License-Identifier: BSD-2-Clause
/*
 * What counters there are, and the two that every hart has. SBI 11.5 to 11.9.
 */
#include "pmu/topics.h"

#define CSR_CYCLE   0xc00
#define CSR_INSTRET 0xc02
#define INFO_CSR    BITS(11, 0)
#define INFO_WIDTH  BITS(17, 12)
#define INFO_TYPE   BIT(63)
#define START       0x123456789abcUL
#define PATIENCE    (UL(1) << 40) /* no test runs that many cycles */

static bool is_csr(uint64_t counter, uint64_t csr)
{
    struct sbi_ret ret = pmu_info(counter);

    return !ret.error && ret.value == field_set(INFO_WIDTH, csr, 63);
}

static unsigned count_firmware(void)
{
    unsigned count = 0;

    for (uint64_t counter = 0; counter < 64; counter++) {
        struct sbi_ret ret = pmu_info(counter);

        count += !ret.error && (ret.value & INFO_TYPE);
    }
    return count;
}

static void check_what_there_is(void)
{
    uint64_t count = pmu_call(SBI_PMU_NUM_COUNTERS, 0, 0, 0, 0).value;

    tap_ok(is_csr(INDEX_CYCLE, CSR_CYCLE), "counter 0 is cycle, of 64 bits");
    tap_ok(is_csr(INDEX_INSTRET, CSR_INSTRET), "counter 2 is instret, of 64 bits");
    tap_ok(count_firmware() >= 8, "there are eight firmware counters or more");
    tap_ok(pmu_info(count).error == SBI_ERR_INVALID_PARAM &&
               pmu_info(UINT64_MAX).error == SBI_ERR_INVALID_PARAM,
           "a counter that does not exist is INVALID_PARAM");
}

static bool runs(void)
{
    uint64_t cycle = csr_read(cycle), instret = csr_read(instret), end = clock_now() + 10;

    while (clock_now() < end)
        ;
    return csr_read(cycle) > cycle && csr_read(instret) > instret;
}

static bool stands_still(void)
{
    uint64_t cycle = csr_read(cycle), instret = csr_read(instret), end = clock_now() + 10;

    while (clock_now() < end)
        ;
    return csr_read(cycle) == cycle && csr_read(instret) == instret;
}

/* Reads from START on, and not far from there. */
static bool began_at_start(uint64_t value)
{
    return value >= START && value - START < PATIENCE;
}

static void check_start(void)
{
    int64_t cycle = pmu_start(INDEX_CYCLE, SBI_PMU_START_SET_INIT_VALUE, START);
    int64_t instret = pmu_start(INDEX_INSTRET, SBI_PMU_START_SET_INIT_VALUE, START);

    tap_ok(!cycle && !instret && began_at_start(csr_read(cycle)) &&
               began_at_start(csr_read(instret)),
           "they start with a value");
    tap_ok(runs(), "and run");
    tap_equal(pmu_start(INDEX_CYCLE, 0, 0), SBI_ERR_ALREADY_STARTED,
              "starting what runs is ALREADY_STARTED");
    pmu_stop(INDEX_CYCLE, 0);
    tap_equal(pmu_stop(INDEX_CYCLE, 0), SBI_ERR_ALREADY_STOPPED,
              "stopping what stands still is ALREADY_STOPPED");
    uint64_t before = csr_read(cycle);

    tap_ok(!pmu_start(INDEX_CYCLE, 0, 77) && csr_read(cycle) >= before,
           "without a value it goes on where it was");
}

/* The board has other counters for these events too, and may choose those. */
static void check_config(void)
{
    uint64_t fixed = BIT(INDEX_CYCLE) | BIT(INDEX_INSTRET);
    struct sbi_ret cycle = pmu_config(fixed, 0, SBI_PMU_HW_CPU_CYCLES);
    struct sbi_ret instret = pmu_config(fixed, 0, SBI_PMU_HW_INSTRUCTIONS);

    tap_ok(!cycle.error && cycle.value == INDEX_CYCLE, "counter 0 counts cycles");
    tap_ok(!instret.error && instret.value == INDEX_INSTRET, "counter 2 counts instructions");
}

static void check_unused(void)
{
    tap_ok(sbi_is_opensbi() ||
               (pmu_config(ALL_COUNTERS, 0, SBI_PMU_HW_CPU_CYCLES).error == SBI_ERR_NOT_SUPPORTED &&
                pmu_config(ALL_COUNTERS, 0, 9).error == SBI_ERR_NOT_SUPPORTED &&
                pmu_config(ALL_COUNTERS, 0, 0).error == SBI_ERR_NOT_SUPPORTED),
           "what no free counter can count is NOT_SUPPORTED");
}

/* The page for snapshots is optional: SBI 11.12 (Set PMU snapshot shared memory). */
static void check_snapshot(void)
{
    tap_ok(pmu_start(INDEX_INSTRET, SBI_PMU_START_INIT_SNAPSHOT, 0) == SBI_ERR_NO_SHMEM &&
               pmu_stop(INDEX_INSTRET, SBI_PMU_STOP_TAKE_SNAPSHOT) == SBI_ERR_NO_SHMEM,
           "a snapshot to or from nowhere is NO_SHMEM");
}

void fixed_test(void)
{
    check_what_there_is();
    tap_ok(runs(), "cycle and instret run when a hart starts");
    check_config();
    pmu_stop(INDEX_CYCLE, 0);
    pmu_stop(INDEX_INSTRET, 0);
    tap_ok(stands_still(), "they stop");
    check_start();
    check_unused();
    check_snapshot();
    pmu_stop(INDEX_CYCLE, SBI_PMU_STOP_RESET);
    pmu_stop(INDEX_INSTRET, SBI_PMU_STOP_RESET);
}
