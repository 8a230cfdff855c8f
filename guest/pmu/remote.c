// SPDX-License-Identifier: BSD-2-Clause
/*
 * Firmware events between two harts: one sends, the other receives. OpenSBI counts otherwise:
 * calls to the own hart too, and each IPI that a fence makes.
 */
#include "pmu/topics.h"

#define COUNT 5

static const struct pair {
    enum sbi_pmu_firmware sent, received;
    const char *name;
} pairs[] = {
    {SBI_PMU_FW_IPI_SENT, SBI_PMU_FW_IPI_RECEIVED, "IPIs"},
    {SBI_PMU_FW_FENCE_I_SENT, SBI_PMU_FW_FENCE_I_RECEIVED, "remote fence.i"},
    {SBI_PMU_FW_SFENCE_VMA_SENT, SBI_PMU_FW_SFENCE_VMA_RECEIVED, "remote sfence.vma"},
    {SBI_PMU_FW_SFENCE_VMA_ASID_SENT, SBI_PMU_FW_SFENCE_VMA_ASID_RECEIVED,
     "remote sfence.vma with an ASID"},
};

static const struct pair *pair_now;
static uint64_t other, counter_there, received;

static void watch_there(void)
{
    counter_there = pmu_watch(firmware_event(pair_now->received));
}

static void read_there(void)
{
    received = pmu_read(counter_there);
    pmu_stop(counter_there, SBI_PMU_STOP_RESET);
}

static void clear_ipi(void)
{
    csr_clear(sip, SIP_SSIP);
}

/* To the other hart and to this one, which is no event. */
static void send(void)
{
    uint64_t both = BIT(PMU_HARTS) - 1;

    switch (pair_now->sent) {
    case SBI_PMU_FW_IPI_SENT:
        sbi_send_ipi(both, 0);
        clear_ipi();
        break;
    case SBI_PMU_FW_FENCE_I_SENT:
        sbi_remote_fence_i(both, 0);
        break;
    case SBI_PMU_FW_SFENCE_VMA_SENT:
        sbi_remote_sfence_vma(both, 0, 0x1000, 0x1000);
        break;
    default:
        sbi_remote_sfence_vma_asid(both, 0, 0x1000, 0x1000, 1);
        break;
    }
}

static bool are_counted(void)
{
    uint64_t counter = pmu_watch(firmware_event(pair_now->sent)), sent;

    harts_run_on(other, watch_there);
    for (unsigned i = 0; i < COUNT; i++) {
        send();
        harts_run_on(other, clear_ipi); /* it has run: the next one is another event */
    }
    harts_run_on(other, read_there);
    sent = pmu_read(counter);
    pmu_stop(counter, SBI_PMU_STOP_RESET);
    if (sbi_is_opensbi() || (sent == COUNT && received == COUNT))
        return true;
    tap_diag("sent %lu, received %lu", sent, received);
    return false;
}

void remote_test(void)
{
    other = 1 - hart_self()->id;
    harts_start_others();
    for (unsigned i = 0; i < ARRAY_SIZE(pairs); i++) {
        pair_now = &pairs[i];
        tap_ok(are_counted(), "%d %s are counted as sent and as received", COUNT, pairs[i].name);
    }
}
