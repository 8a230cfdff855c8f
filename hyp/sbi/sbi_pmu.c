/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 11 (Performance Monitoring Unit Extension): the calls. What counters are and can do is
 * vcpu/pmu.h's. Sets of counters come as a base and a mask and are bits of pmu_all here.
 */
#include "sbi/sbi.h"

#include "riscv/csr_num.h"
#include "vcpu/pmu.h"
#include "vcpu/vscsr.h"

/* SBI 11.6 (Get details of a counter), counter_info */
#define INFO_TYPE    BIT(63) /* 1: firmware */
#define INFO_WIDTH   BITS(17, 12)
#define INFO_CSR     BITS(11, 0)
#define INFO_64_BITS 63
#define CONFIG_FLAGS BITS(7, 0)

/* The counters of base and mask. False where one of them does not exist. */
static bool find_set(uint64_t base, uint64_t mask, uint64_t *set)
{
    *set = 0;
    if (mask == 0)
        return true;
    if (base >= PMU_COUNT)
        return false;
    *set = mask << base;
    return *set >> base == mask && !(*set & ~pmu_all());
}

static bool is_counter(uint64_t counter)
{
    return counter < PMU_COUNT && (pmu_all() & BIT(counter));
}

static enum exit_verdict get_info(struct vcpu *vcpu, uint64_t counter)
{
    uint64_t info = field_set(INFO_WIDTH, 0, INFO_64_BITS);

    if (!is_counter(counter))
        return sbi_error(vcpu, SBI_ERR_INVALID_PARAM);
    if (counter >= PMU_FIRMWARE)
        return sbi_success(vcpu, info | INFO_TYPE);
    return sbi_success(vcpu, field_set(INFO_CSR, info, CSR_NUM_CYCLE + counter));
}

/* SBI 11.7 (Find and configure a matching counter). The filters of bits 3 to 7 are hints, and
 * there is nothing here to filter by. */
static enum exit_verdict config_matching(struct vcpu *vcpu)
{
    const uint64_t *x = vcpu->regs.x;
    struct pmu *pmu = &vcpu->pmu;
    uint64_t flags = x[REG_A2], event = x[REG_A3], data = x[REG_A4], set;
    unsigned counter;

    if ((flags & ~CONFIG_FLAGS) || !find_set(x[REG_A0], x[REG_A1], &set))
        return sbi_error(vcpu, SBI_ERR_INVALID_PARAM);
    counter = pmu_match(pmu, set, event, flags & SBI_PMU_CONFIG_SKIP_MATCH);
    if (counter == PMU_NONE || data != 0)
        return sbi_error(vcpu, SBI_ERR_NOT_SUPPORTED);
    pmu_update(pmu, vscsr_counters());
    pmu_configure(pmu, counter, event);
    if (flags & SBI_PMU_CONFIG_CLEAR_VALUE)
        pmu->counters[counter].value = 0;
    if (flags & SBI_PMU_CONFIG_AUTO_START)
        pmu_start(pmu, BIT(counter));
    return sbi_success(vcpu, counter);
}

static void set_values(struct pmu *pmu, uint64_t set, uint64_t value)
{
    for (unsigned i = 0; i < PMU_COUNT; i++) {
        if (set & BIT(i))
            pmu->counters[i].value = value;
    }
}

/* SBI 11.8 (Start a set of counters). Those that do not run yet are started also where others do,
 * which is reported. A firmware counter without an event is as good as none. */
static enum sbi_error start(struct vcpu *vcpu, const uint64_t *x)
{
    struct pmu *pmu = &vcpu->pmu;
    uint64_t flags = x[REG_A2], set, fresh;

    if (flags > SBI_PMU_START_INIT_SNAPSHOT || !find_set(x[REG_A0], x[REG_A1], &set) ||
        !pmu_have_events(pmu, set))
        return SBI_ERR_INVALID_PARAM;
    if (flags == SBI_PMU_START_INIT_SNAPSHOT)
        return SBI_ERR_NO_SHMEM;
    fresh = set & ~pmu->running;
    pmu_update(pmu, vscsr_counters());
    if (flags == SBI_PMU_START_SET_INIT_VALUE)
        set_values(pmu, fresh, x[REG_A3]);
    pmu_start(pmu, fresh);
    return fresh == set ? SBI_SUCCESS : SBI_ERR_ALREADY_STARTED;
}

/* SBI 11.9 (Stop a set of counters). All of them are stopped, and their events forgotten with
 * RESET, also where some stood still already, which is reported. */
static enum sbi_error stop(struct vcpu *vcpu, const uint64_t *x)
{
    struct pmu *pmu = &vcpu->pmu;
    uint64_t flags = x[REG_A2], set;
    bool all_ran;

    if ((flags & ~(SBI_PMU_STOP_RESET | SBI_PMU_STOP_TAKE_SNAPSHOT)) ||
        !find_set(x[REG_A0], x[REG_A1], &set))
        return SBI_ERR_INVALID_PARAM;
    if (flags & SBI_PMU_STOP_TAKE_SNAPSHOT)
        return SBI_ERR_NO_SHMEM;
    all_ran = (pmu->running & set) == set;
    pmu_update(pmu, vscsr_counters());
    pmu_stop(pmu, set);
    if (flags & SBI_PMU_STOP_RESET)
        pmu_forget(pmu, set);
    return all_ran ? SBI_SUCCESS : SBI_ERR_ALREADY_STOPPED;
}

/* SBI 11.10 and 11.11: the value, and what of it does not fit into a register: nothing. */
static enum exit_verdict read_firmware(struct vcpu *vcpu, uint64_t counter, bool is_high)
{
    if (counter < PMU_FIRMWARE || counter >= PMU_COUNT)
        return sbi_error(vcpu, SBI_ERR_INVALID_PARAM);
    return sbi_success(vcpu, is_high ? 0 : vcpu->pmu.counters[counter].value);
}

static enum exit_verdict handle(struct vcpu *vcpu)
{
    const uint64_t *x = vcpu->regs.x;

    switch (x[REG_A6]) {
    case SBI_PMU_NUM_COUNTERS:
        return sbi_success(vcpu, PMU_COUNT);
    case SBI_PMU_COUNTER_GET_INFO:
        return get_info(vcpu, x[REG_A0]);
    case SBI_PMU_COUNTER_CONFIG_MATCHING:
        return config_matching(vcpu);
    case SBI_PMU_COUNTER_START:
        return sbi_error(vcpu, start(vcpu, x));
    case SBI_PMU_COUNTER_STOP:
        return sbi_error(vcpu, stop(vcpu, x));
    case SBI_PMU_COUNTER_FW_READ:
        return read_firmware(vcpu, x[REG_A0], false);
    case SBI_PMU_COUNTER_FW_READ_HI:
        return read_firmware(vcpu, x[REG_A0], true);
    /* SBI 11.12 is optional. OpenSBI 1.5 does not have it, and Linux 6.12, where it is there, no
     * longer counts on a hart that was offline: it never sets the page again. */
    case SBI_PMU_SNAPSHOT_SET_SHMEM:
    default:
        return sbi_error(vcpu, SBI_ERR_NOT_SUPPORTED);
    }
}

const struct sbi_extension sbi_pmu = {
    .name = "PMU",
    .first = SBI_EXT_PMU,
    .last = SBI_EXT_PMU,
    .handle = handle,
};
