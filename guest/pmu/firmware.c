// SPDX-License-Identifier: BSD-2-Clause
/*
 * Firmware counters on one hart: the events of calls and of traps. SBI 11.4, 11.7 to 11.11.
 */
#include "pmu/topics.h"

#define COUNT 5

static void set_timers(void)
{
    for (unsigned i = 0; i < COUNT; i++)
        sbi_set_timer(CLOCK_NEVER);
}

static void check_counting(uint64_t counter)
{
    set_timers();
    tap_equal(pmu_read(counter), COUNT, "%d times set_timer are counted", COUNT);
    tap_equal(pmu_stop(counter, 0), SBI_SUCCESS, "the counter stops");
    set_timers();
    tap_equal(pmu_read(counter), COUNT, "and counts no more");
    pmu_start(counter, SBI_PMU_START_SET_INIT_VALUE, UINT64_MAX);
    set_timers();
    tap_equal(pmu_read(counter), COUNT - 1, "from a value on, with all 64 bits");
}

/* Every firmware counter there is for one event; another event, or the same, finds none. */
static bool can_be_used_up(void)
{
    uint64_t event = firmware_event(SBI_PMU_FW_SET_TIMER), used = 0;
    bool refused, all_count = true;

    for (uint64_t counter = pmu_watch(event); counter != NO_COUNTER; counter = pmu_watch(event))
        used |= BIT(counter);
    refused = pmu_config(ALL_COUNTERS, 0, event).error == SBI_ERR_NOT_SUPPORTED;
    set_timers();
    for (uint64_t counter = 0; counter < 64; counter++) {
        if (used & BIT(counter))
            all_count &= pmu_read(counter) == COUNT && !pmu_stop(counter, SBI_PMU_STOP_RESET);
    }
    return used && refused && all_count;
}

static bool is_unknown(uint64_t event)
{
    return pmu_config(ALL_COUNTERS, 0, event).error == SBI_ERR_NOT_SUPPORTED;
}

static uint64_t illegal(uint64_t a, uint64_t b)
{
    (void)a;
    (void)b;
    return csr_read(mstatus); /* machine mode's */
}

/* In a VM most are delivered by the hart, and not counted. What there is to see is that the event
 * can be configured. */
static bool has_trap_events(void)
{
    uint64_t counter = pmu_watch(firmware_event(SBI_PMU_FW_ILLEGAL_INSN));

    trap_try(illegal, 0, 0);
    return counter != NO_COUNTER && !pmu_stop(counter, SBI_PMU_STOP_RESET);
}

void firmware_test(void)
{
    uint64_t counter = pmu_watch(firmware_event(SBI_PMU_FW_SET_TIMER));

    check_counting(counter);
    /* OpenSBI before 1.4 has no fw_read_hi. */
    tap_ok(sbi_is_opensbi() || (!pmu_call(SBI_PMU_COUNTER_FW_READ_HI, counter, 0, 0, 0).error &&
                                !pmu_call(SBI_PMU_COUNTER_FW_READ_HI, counter, 0, 0, 0).value),
           "the high half of a value of 64 bits is 0");
    tap_ok(pmu_call(SBI_PMU_COUNTER_FW_READ, INDEX_CYCLE, 0, 0, 0).error == SBI_ERR_INVALID_PARAM &&
               pmu_call(SBI_PMU_COUNTER_FW_READ, NO_COUNTER, 0, 0, 0).error ==
                   SBI_ERR_INVALID_PARAM,
           "only firmware counters are read by a call");
    pmu_stop(counter, SBI_PMU_STOP_RESET);
    tap_ok(sbi_is_opensbi() || can_be_used_up(), "each firmware counter counts, until all do");
    tap_ok(has_trap_events(), "traps are events");
    /* OpenSBI says INVALID_PARAM for some. */
    tap_ok(sbi_is_opensbi() || (is_unknown(firmware_event(14)) && is_unknown(firmware_event(200)) &&
                                is_unknown(firmware_event(0xffff)) && is_unknown(BIT(20) | 1) &&
                                is_unknown(0x10000) && is_unknown(0x20000)),
           "events that nobody counts are NOT_SUPPORTED");
}
