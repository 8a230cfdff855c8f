/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What counters can count, and counting. Used by sbi/sbi_pmu.c, exit/csr.c, and whoever counts a
 * firmware event; vscsr.c brings the hart's counters.
 */
#include "vcpu/pmu.h"

#include "riscv/caps.h"
#include "riscv/cause.h"

#define FIRMWARE_ALL (BIT(PMU_COUNT) - BIT(PMU_FIRMWARE))

/* The firmware events that are ours to count. A guest's harts have no H, so no HFENCE calls. */
#define EVENTS_ALL (BIT(SBI_PMU_FW_SFENCE_VMA_ASID_RECEIVED + 1) - 1)

void pmu_reset(struct pmu *pmu)
{
    *pmu = (struct pmu){.running = BIT(PMU_CYCLE) | BIT(PMU_INSTRET)};
}

void pmu_update(struct pmu *pmu, struct pmu_hart now)
{
    if (!pmu->is_used)
        pmu->since = now;
    pmu->is_used = true;
    if (pmu->running & BIT(PMU_CYCLE))
        pmu->counters[PMU_CYCLE].value += now.cycle - pmu->since.cycle;
    if (pmu->running & BIT(PMU_INSTRET))
        pmu->counters[PMU_INSTRET].value += now.instret - pmu->since.instret;
    pmu->since = now;
}

uint64_t pmu_all(void)
{
    uint64_t all = FIRMWARE_ALL;

    if (caps.cycle)
        all |= BIT(PMU_CYCLE);
    if (caps.instret)
        all |= BIT(PMU_INSTRET);
    return all;
}

static bool is_firmware_event(uint64_t event)
{
    return field_get(SBI_PMU_EVENT_TYPE, event) == SBI_PMU_TYPE_FIRMWARE;
}

/* The counters that can count `event`. */
static uint64_t able(uint64_t event)
{
    uint64_t code = field_get(SBI_PMU_EVENT_CODE, event);

    if (event == SBI_PMU_HW_CPU_CYCLES)
        return BIT(PMU_CYCLE);
    if (event == SBI_PMU_HW_INSTRUCTIONS)
        return BIT(PMU_INSTRET);
    if (event & ~(SBI_PMU_EVENT_TYPE | SBI_PMU_EVENT_CODE) || !is_firmware_event(event))
        return 0;
    return code < 64 && (EVENTS_ALL & BIT(code)) ? FIRMWARE_ALL : 0;
}

unsigned pmu_match(const struct pmu *pmu, uint64_t set, uint64_t event, bool is_first)
{
    if (is_first)
        set &= -set;
    set &= able(event);
    for (unsigned i = 0; i < PMU_COUNT; i++) {
        bool is_used = pmu->counters[i].event && (!is_first || (pmu->running & BIT(i)));

        if ((set & BIT(i)) && !is_used)
            return i;
    }
    return PMU_NONE;
}

static void update_watched(struct pmu *pmu)
{
    pmu->watched = 0;
    for (unsigned i = PMU_FIRMWARE; i < PMU_COUNT; i++) {
        if (pmu->counters[i].event && (pmu->running & BIT(i)))
            pmu->watched |= BIT(field_get(SBI_PMU_EVENT_CODE, pmu->counters[i].event));
    }
}

void pmu_configure(struct pmu *pmu, unsigned counter, uint64_t event)
{
    pmu->counters[counter].event = (uint32_t)event;
    update_watched(pmu);
}

void pmu_start(struct pmu *pmu, uint64_t set)
{
    pmu->running |= set;
    update_watched(pmu);
}

void pmu_stop(struct pmu *pmu, uint64_t set)
{
    pmu->running &= ~set;
    update_watched(pmu);
}

void pmu_forget(struct pmu *pmu, uint64_t set)
{
    for (unsigned i = 0; i < PMU_COUNT; i++) {
        if (set & BIT(i))
            pmu->counters[i].event = 0;
    }
    update_watched(pmu);
}

bool pmu_have_events(const struct pmu *pmu, uint64_t set)
{
    for (unsigned i = PMU_FIRMWARE; i < PMU_COUNT; i++) {
        if ((set & BIT(i)) && !pmu->counters[i].event)
            return false;
    }
    return true;
}

void pmu_add(struct pmu *pmu, enum sbi_pmu_firmware event)
{
    uint32_t wanted = (uint32_t)field_set(SBI_PMU_EVENT_TYPE, event, SBI_PMU_TYPE_FIRMWARE);

    for (unsigned i = PMU_FIRMWARE; i < PMU_COUNT; i++) {
        if (pmu->counters[i].event == wanted && (pmu->running & BIT(i)))
            pmu->counters[i].value++;
    }
}

void pmu_count_exception(struct pmu *pmu, uint64_t cause)
{
    switch (cause) {
    case CAUSE_LOAD_MISALIGNED:
        pmu_count(pmu, SBI_PMU_FW_MISALIGNED_LOAD);
        break;
    case CAUSE_STORE_MISALIGNED:
        pmu_count(pmu, SBI_PMU_FW_MISALIGNED_STORE);
        break;
    case CAUSE_LOAD_ACCESS_FAULT:
        pmu_count(pmu, SBI_PMU_FW_ACCESS_LOAD);
        break;
    case CAUSE_STORE_ACCESS_FAULT:
        pmu_count(pmu, SBI_PMU_FW_ACCESS_STORE);
        break;
    case CAUSE_ILLEGAL_INSN:
        pmu_count(pmu, SBI_PMU_FW_ILLEGAL_INSN);
        break;
    default:
        break;
    }
}

/* Only counters that there are run, and each has an event that it can count. */
static bool is_sound(const struct pmu *pmu)
{
    bool sound = !(pmu->running & ~(FIRMWARE_ALL | BIT(PMU_CYCLE) | BIT(PMU_INSTRET)));

    for (unsigned i = 0; i < PMU_COUNT; i++) {
        uint32_t event = pmu->counters[i].event;

        sound &= event == 0 || (able(event) & BIT(i));
    }
    return sound;
}

/* `since` belongs to the hart, `watched` follows from the rest. */
void pmu_archive(struct pmu *pmu, struct archive *archive)
{
    pmu_update(pmu, (struct pmu_hart){0});
    archive_u64(archive, "pmu.running", &pmu->running);
    for (unsigned i = 0; i < PMU_COUNT; i++) {
        archive_u64(archive, "pmu.value", &pmu->counters[i].value);
        archive_u32(archive, "pmu.event", &pmu->counters[i].event);
    }
    archive_require(archive, is_sound(pmu));
    if (archive->error == 0)
        update_watched(pmu);
}
