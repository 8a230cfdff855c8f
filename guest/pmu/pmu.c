// SPDX-License-Identifier: BSD-2-Clause
/*
 * The counters of a hart: cycle, instret, and those of the firmware. SBI 11 (PMU). This file is
 * the list of topics and the calls that they share. What OpenSBI does otherwise, or in older
 * versions not at all, is asked for elsewhere only; on the board it may count with other counters.
 */
#include "pmu/topics.h"

#define INFO_FIRMWARE BIT(63)

struct sbi_ret pmu_call(uint64_t function, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3)
{
    uint64_t args[6] = {a0, a1, a2, a3};

    return sbi_call6(SBI_EXT_PMU, function, args);
}

struct sbi_ret pmu_info(uint64_t counter)
{
    return pmu_call(SBI_PMU_COUNTER_GET_INFO, counter, 0, 0, 0);
}

uint64_t pmu_counters(void)
{
    uint64_t all = 0;

    for (uint64_t counter = 0; counter < 64; counter++) {
        if (!pmu_info(counter).error)
            all |= BIT(counter);
    }
    return all;
}

struct sbi_ret pmu_config(uint64_t mask, uint64_t flags, uint64_t event)
{
    return pmu_call(SBI_PMU_COUNTER_CONFIG_MATCHING, 0, mask & pmu_counters(), flags, event);
}

int64_t pmu_start(uint64_t counter, uint64_t flags, uint64_t value)
{
    return pmu_call(SBI_PMU_COUNTER_START, counter, 1, flags, value).error;
}

int64_t pmu_stop(uint64_t counter, uint64_t flags)
{
    return pmu_call(SBI_PMU_COUNTER_STOP, counter, 1, flags, 0).error;
}

uint64_t pmu_read(uint64_t counter)
{
    return pmu_call(SBI_PMU_COUNTER_FW_READ, counter, 0, 0, 0).value;
}

uint64_t pmu_watch(uint64_t event)
{
    struct sbi_ret ret =
        pmu_config(ALL_COUNTERS, SBI_PMU_CONFIG_CLEAR_VALUE | SBI_PMU_CONFIG_AUTO_START, event);

    return ret.error ? NO_COUNTER : ret.value;
}

void guest_main(void)
{
    tap_plan(FIXED_CHECKS + FIRMWARE_CHECKS + REMOTE_CHECKS + USER_CHECKS);
    fixed_test();
    firmware_test();
    remote_test();
    user_test();
    tap_end();
}
