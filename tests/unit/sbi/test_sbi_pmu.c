/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 11 (Performance Monitoring Unit Extension): arguments, errors, and who counts which event.
 */
#include "sbi_call.h"

#include "riscv/csr.h"
#include "riscv/csr_num.h"
#include "vcpu/pending.h"
#include "vcpu/pmu.h"
#include "vcpu/request.h"

#define FW(code)  (0xf0000UL | (code))
#define TIMER     FW(SBI_PMU_FW_SET_TIMER)
#define START_ALL (SBI_PMU_CONFIG_CLEAR_VALUE | SBI_PMU_CONFIG_AUTO_START)

#define INVALID(...)      EXPECT_ERROR(SBI_ERR_INVALID_PARAM, SBI_EXT_PMU, __VA_ARGS__)
#define VALUE(value, ...) EXPECT_VALUE(value, __VA_ARGS__)

static void counters_tell_what_they_are(void **state)
{
    (void)state;
    VALUE(PMU_COUNT, SBI_EXT_PMU, SBI_PMU_NUM_COUNTERS);
    VALUE(63 << 12 | CSR_NUM_CYCLE, SBI_EXT_PMU, SBI_PMU_COUNTER_GET_INFO, 0);
    VALUE(63 << 12 | CSR_NUM_INSTRET, SBI_EXT_PMU, SBI_PMU_COUNTER_GET_INFO, 2);
    VALUE(BIT(63) | 63 << 12, SBI_EXT_PMU, SBI_PMU_COUNTER_GET_INFO, PMU_FIRMWARE);
    VALUE(BIT(63) | 63 << 12, SBI_EXT_PMU, SBI_PMU_COUNTER_GET_INFO, PMU_COUNT - 1);
    INVALID(SBI_PMU_COUNTER_GET_INFO, 1);
    INVALID(SBI_PMU_COUNTER_GET_INFO, PMU_COUNT);
    INVALID(SBI_PMU_COUNTER_GET_INFO, 64);
    INVALID(SBI_PMU_COUNTER_GET_INFO, UINT64_MAX);
    caps.cycle = false;
    INVALID(SBI_PMU_COUNTER_GET_INFO, 0);
    EXPECT_ERROR(SBI_ERR_NOT_SUPPORTED, SBI_EXT_PMU, SBI_PMU_SNAPSHOT_SET_SHMEM + 1);
}

struct set {
    uint64_t base, mask;
};

static void wrong_sets_change_nothing(void **state)
{
    static const struct set sets[] = {
        {0, 2},                  /* the hole */
        {1, 1},                  /* by its base */
        {0, 1 | BIT(PMU_COUNT)}, /* one too many */
        {PMU_COUNT, 1},
        {PMU_COUNT - 1, 2},
        {4, BIT(63)}, /* falls off the end of the word */
        {UINT64_MAX, 1},
        {0, UINT64_MAX},
    };
    struct pmu before = vcpu->pmu;

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(sets); i++) {
        INVALID(SBI_PMU_COUNTER_CONFIG_MATCHING, sets[i].base, sets[i].mask, 0, TIMER);
        INVALID(SBI_PMU_COUNTER_START, sets[i].base, sets[i].mask, 0);
        INVALID(SBI_PMU_COUNTER_STOP, sets[i].base, sets[i].mask, 0);
    }
    assert_memory_equal(&vcpu->pmu, &before, sizeof(before));
}

static void empty_sets_are_sets(void **state)
{
    (void)state;
    VALUE(0, SBI_EXT_PMU, SBI_PMU_COUNTER_START, UINT64_MAX, 0, 0);
    VALUE(0, SBI_EXT_PMU, SBI_PMU_COUNTER_STOP, 0, 0, 0);
    EXPECT_ERROR(SBI_ERR_NOT_SUPPORTED, SBI_EXT_PMU, SBI_PMU_COUNTER_CONFIG_MATCHING, 0, 0, 0,
                 TIMER);
}

static void reserved_flags_are_refused(void **state)
{
    (void)state;
    INVALID(SBI_PMU_COUNTER_CONFIG_MATCHING, 3, 1, BIT(8), TIMER);
    INVALID(SBI_PMU_COUNTER_CONFIG_MATCHING, 3, 1, BIT(63), TIMER);
    INVALID(SBI_PMU_COUNTER_START, 0, 1, 3); /* one value, and values from the page */
    INVALID(SBI_PMU_COUNTER_START, 0, 1, 4);
    INVALID(SBI_PMU_COUNTER_STOP, 0, 1, 4);
    VALUE(3, SBI_EXT_PMU, SBI_PMU_COUNTER_CONFIG_MATCHING, 3, 1, 0xf8, TIMER); /* filters */
}

static void configuring_finds_a_counter(void **state)
{
    (void)state;
    vcpu->pmu.counters[5].value = 55;
    VALUE(5, SBI_EXT_PMU, SBI_PMU_COUNTER_CONFIG_MATCHING, 4, 6, 0, TIMER);
    assert_int_equal(vcpu->pmu.counters[5].event, TIMER);
    assert_int_equal(vcpu->pmu.counters[5].value, 55);
    assert_int_equal(vcpu->pmu.running & BIT(5), 0);
    vcpu->pmu.counters[6].value = 66;
    VALUE(6, SBI_EXT_PMU, SBI_PMU_COUNTER_CONFIG_MATCHING, 4, 6, START_ALL, TIMER);
    assert_int_equal(vcpu->pmu.counters[6].value, 0);
    assert_int_equal(vcpu->pmu.running & BIT(6), BIT(6));
    EXPECT_ERROR(SBI_ERR_NOT_SUPPORTED, SBI_EXT_PMU, SBI_PMU_COUNTER_CONFIG_MATCHING, 4, 6, 0,
                 TIMER);
    EXPECT_ERROR(SBI_ERR_NOT_SUPPORTED, SBI_EXT_PMU, SBI_PMU_COUNTER_CONFIG_MATCHING, 7, 1, 0,
                 TIMER, 1); /* event data */
    VALUE(5, SBI_EXT_PMU, SBI_PMU_COUNTER_CONFIG_MATCHING, 4, 6, SBI_PMU_CONFIG_SKIP_MATCH, FW(0));
}

/* The call itself is part of what is counted; what came before it is not lost. */
static void hardware_counters_are_brought_up_to_date(void **state)
{
    (void)state;
    pmu_update(&vcpu->pmu, vscsr_hart.counters);
    vscsr_hart.counters = (struct pmu_hart){.cycle = 100, .instret = 70};
    VALUE(0, SBI_EXT_PMU, SBI_PMU_COUNTER_STOP, 0, 5, 0);
    vscsr_hart.counters = (struct pmu_hart){.cycle = 200, .instret = 170};
    assert_int_equal(vcpu->pmu.counters[PMU_CYCLE].value, 100);
    assert_int_equal(vcpu->pmu.counters[PMU_INSTRET].value, 70);
    VALUE(0, SBI_EXT_PMU, SBI_PMU_COUNTER_START, 0, 1, 0);
    VALUE(0, SBI_EXT_PMU, SBI_PMU_COUNTER_START, 2, 1, SBI_PMU_START_SET_INIT_VALUE, 7);
    vscsr_hart.counters = (struct pmu_hart){.cycle = 201, .instret = 172};
    vscsr_save(vcpu);
    pmu_update(&vcpu->pmu, (struct pmu_hart){0});
    assert_int_equal(vcpu->pmu.counters[PMU_CYCLE].value, 101);
    assert_int_equal(vcpu->pmu.counters[PMU_INSTRET].value, 9);
}

static void what_runs_or_stands_already_is_reported(void **state)
{
    struct pmu *pmu = &vcpu->pmu;

    (void)state;
    CALL(SBI_EXT_PMU, SBI_PMU_COUNTER_CONFIG_MATCHING, 0, BIT(3), 0, TIMER);
    CALL(SBI_EXT_PMU, SBI_PMU_COUNTER_CONFIG_MATCHING, 0, BIT(4), START_ALL, TIMER);
    pmu->counters[4].value = 44;
    EXPECT_ERROR(SBI_ERR_ALREADY_STARTED, SBI_EXT_PMU, SBI_PMU_COUNTER_START, 3, 3,
                 SBI_PMU_START_SET_INIT_VALUE, 9);
    assert_int_equal(pmu->running & 0x18, 0x18); /* the other one was started */
    assert_int_equal(pmu->counters[3].value, 9);
    assert_int_equal(pmu->counters[4].value, 44);
    VALUE(0, SBI_EXT_PMU, SBI_PMU_COUNTER_STOP, 3, 1, 0);
    EXPECT_ERROR(SBI_ERR_ALREADY_STOPPED, SBI_EXT_PMU, SBI_PMU_COUNTER_STOP, 3, 3,
                 SBI_PMU_STOP_RESET);
    assert_int_equal(pmu->running & 0x18, 0);
    assert_int_equal(pmu->counters[3].event, 0); /* though it stood still */
    assert_int_equal(pmu->counters[4].event, 0);
    INVALID(SBI_PMU_COUNTER_START, 3, 1, 0); /* nothing to count */
}

static void firmware_counters_are_read(void **state)
{
    (void)state;
    vcpu->pmu.counters[3].value = UINT64_MAX - 1;
    VALUE(UINT64_MAX - 1, SBI_EXT_PMU, SBI_PMU_COUNTER_FW_READ, 3);
    VALUE(0, SBI_EXT_PMU, SBI_PMU_COUNTER_FW_READ_HI, 3);
    for (uint64_t function = SBI_PMU_COUNTER_FW_READ; function <= SBI_PMU_COUNTER_FW_READ_HI;
         function++) {
        INVALID(function, 0);
        INVALID(function, 2);
        INVALID(function, PMU_COUNT);
        INVALID(function, UINT64_MAX);
    }
}

/* There is no page for them. */
static void snapshots_are_not_there(void **state)
{
    (void)state;
    EXPECT_ERROR(SBI_ERR_NOT_SUPPORTED, SBI_EXT_PMU, SBI_PMU_SNAPSHOT_SET_SHMEM, MACHINE_KERNEL);
    EXPECT_ERROR(SBI_ERR_NO_SHMEM, SBI_EXT_PMU, SBI_PMU_COUNTER_STOP, 0, 1,
                 SBI_PMU_STOP_TAKE_SNAPSHOT);
    assert_int_equal(vcpu->pmu.running & 1, 1);
    EXPECT_ERROR(SBI_ERR_NO_SHMEM, SBI_EXT_PMU, SBI_PMU_COUNTER_START, 0, 1,
                 SBI_PMU_START_INIT_SNAPSHOT);
}

/* vCPU `id` counts the event from now on, with its first firmware counter. */
static void watch(unsigned id, enum sbi_pmu_firmware event)
{
    struct pmu *pmu = &vm->vcpus[id].pmu;

    pmu_reset(pmu);
    pmu_configure(pmu, PMU_FIRMWARE, FW(event));
    pmu_start(pmu, BIT(PMU_FIRMWARE));
}

static uint64_t seen(unsigned id)
{
    return vm->vcpus[id].pmu.counters[PMU_FIRMWARE].value;
}

static void calls_are_counted(void **state)
{
    (void)state;
    watch(0, SBI_PMU_FW_SET_TIMER);
    CALL(SBI_EXT_TIME, SBI_TIME_SET_TIMER, 0);
    CALL(SBI_LEGACY_SET_TIMER, 0, 0);
    assert_int_equal(seen(0), 2);
    watch(0, SBI_PMU_FW_IPI_SENT);
    CALL(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 0xf, 0); /* the own one is none */
    assert_int_equal(seen(0), 3);
    watch(0, SBI_PMU_FW_FENCE_I_SENT);
    CALL(SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 7, 0);
    assert_int_equal(seen(0), 2);
    watch(0, SBI_PMU_FW_SFENCE_VMA_SENT);
    CALL(SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA_ASID, 7, 0, 0, 0, 1);
    CALL(SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 3, 0, 0, 0, 0);
    assert_int_equal(seen(0), 1);
    watch(0, SBI_PMU_FW_SFENCE_VMA_ASID_SENT);
    CALL(SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA_ASID, 7, 0, 0, 0, 1);
    assert_int_equal(seen(0), 2);
    CALL(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 0x1f, 0); /* refused */
    assert_int_equal(seen(0), 2);
}

/* What vCPU 1 has been asked for is done on its own hart. */
static void serve(void)
{
    struct vcpu *other = &vm->vcpus[1];
    uint64_t raise, lower;

    pending_take(other, &raise, &lower);
    vm_fence(other, vcpu_take_requests(other, UINT64_MAX));
}

static void what_is_received_is_counted_there(void **state)
{
    (void)state;
    watch(1, SBI_PMU_FW_IPI_RECEIVED);
    CALL(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 2, 0);
    assert_int_equal(seen(1), 0);
    serve();
    serve();
    assert_int_equal(seen(1), 1);
    vcpu_interrupt(&vm->vcpus[1], HVIP_VSEIP, true); /* another interrupt */
    serve();
    assert_int_equal(seen(1), 1);
    watch(1, SBI_PMU_FW_FENCE_I_RECEIVED);
    CALL(SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 2, 0);
    serve();
    assert_int_equal(seen(1), 1);
    watch(1, SBI_PMU_FW_SFENCE_VMA_RECEIVED);
    CALL(SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 2, 0, 0x1000, 1);
    CALL(SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, 2, 0, 0x2000, 1); /* widened */
    serve();
    assert_int_equal(seen(1), 2);
    watch(1, SBI_PMU_FW_SFENCE_VMA_ASID_RECEIVED);
    CALL(SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA_ASID, 2, 0, 0x1000, 1, 7);
    serve();
    assert_int_equal(seen(1), 1);
}

/* Whoever starts the hart again finds its counters as after a reset; suspending keeps them. */
static void a_hart_that_stops_forgets(void **state)
{
    (void)state;
    watch(0, SBI_PMU_FW_SET_TIMER);
    CALL(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND, SBI_HSM_SUSPEND_NON_RETENTIVE, MACHINE_KERNEL);
    assert_int_equal(vcpu->pmu.watched, BIT(SBI_PMU_FW_SET_TIMER));
    vscsr_hart.counters.cycle += 4000;
    CALL(SBI_EXT_HSM, SBI_HSM_HART_STOP);
    pmu_update(&vcpu->pmu, vscsr_hart.counters);
    assert_int_equal(vcpu->pmu.counters[PMU_CYCLE].value, 0);
    assert_int_equal(vcpu->pmu.watched, 0);
    assert_int_equal(vcpu->pmu.running, BIT(PMU_CYCLE) | BIT(PMU_INSTRET));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SBI_TEST(counters_tell_what_they_are),
        SBI_TEST(wrong_sets_change_nothing),
        SBI_TEST(empty_sets_are_sets),
        SBI_TEST(reserved_flags_are_refused),
        SBI_TEST(configuring_finds_a_counter),
        SBI_TEST(hardware_counters_are_brought_up_to_date),
        SBI_TEST(what_runs_or_stands_already_is_reported),
        SBI_TEST(firmware_counters_are_read),
        SBI_TEST(snapshots_are_not_there),
        SBI_TEST(calls_are_counted),
        SBI_TEST(what_is_received_is_counted_there),
        SBI_TEST(a_hart_that_stops_forgets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
