/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The counters of one vCPU: cycle and instret, and firmware counters for what we do for it. State
 * and arithmetic only; the calls that configure them are sbi/sbi_pmu.c's. SBI 11 (Performance
 * Monitoring Unit Extension).
 *
 * cycle and instret count while the vCPU has its hart: also what we and the firmware do for it
 * there, and the hart's sleep in WFI; not the turns of other vCPUs, nor the time in which it is
 * blocked. They begin when they are first asked for: Unpriv, "Zicntr", lets them count from an
 * arbitrary time in the past on, and a guest that never asks costs nothing.
 */
#ifndef VCPU_PMU_H
#define VCPU_PMU_H

#include "lib/archive.h"
#include "lib/bits.h"
#include "riscv/sbi.h"

/* Counter n of the first three is the CSR cycle + n; 1 would be time, which is no counter of the
 * PMU. OpenSBI numbers them so, and Linux counts on it for instret. */
enum pmu_index {
    PMU_CYCLE = 0,
    PMU_INSTRET = 2,
    PMU_FIRMWARE = 3, /* the first of PMU_FIRMWARE_COUNT */
};

#define PMU_FIRMWARE_COUNT 16
#define PMU_COUNT          (PMU_FIRMWARE + PMU_FIRMWARE_COUNT)
#define PMU_NONE           PMU_COUNT /* no counter */

struct pmu_counter {
    uint64_t value;
    uint32_t event; /* event_idx, SBI 11; 0: not configured */
};

/* What the hart's own counters say. */
struct pmu_hart {
    uint64_t cycle, instret;
};

struct pmu {
    bool is_used;     /* the guest has asked for a counter: from then on the hart's are followed */
    uint64_t running; /* bit n: counter n is started */
    uint64_t watched; /* bit n: a running counter counts firmware event n */
    struct pmu_counter counters[PMU_COUNT];
    struct pmu_hart since; /* the hart's, from which on cycle and instret are not up to date;
                              without a hart, as if that one's were 0 now */
};

/* As after a reset of the board: nothing is configured or used; cycle and instret run, from 0. */
void pmu_reset(struct pmu *pmu);

/* The vCPU, whose counters are used, takes the hart, and loses it: in between the hart counts. */
static inline void pmu_begin(struct pmu *pmu, struct pmu_hart now)
{
    pmu->since.cycle += now.cycle;
    pmu->since.instret += now.instret;
}

static inline void pmu_end(struct pmu *pmu, struct pmu_hart now)
{
    pmu->since.cycle -= now.cycle;
    pmu->since.instret -= now.instret;
}

/* Brings cycle and instret up to date; from now on they are used. The vCPU has the hart, or it has
 * none and all of `now` is 0. */
void pmu_update(struct pmu *pmu, struct pmu_hart now);

/* The counters that there are, as bits. A hart may keep cycle and instret from us. */
uint64_t pmu_all(void);

/*
 * A counter of `set`, bits of pmu_all, that can count `event` and is not in use; with `is_first`
 * the first of the set or none. In use is what is configured; with `is_first`, what is configured
 * and runs. PMU_NONE where there is none.
 */
unsigned pmu_match(const struct pmu *pmu, uint64_t set, uint64_t event, bool is_first);

/* `counter`, from pmu_match, counts `event`; its value and whether it runs stay as they are. */
void pmu_configure(struct pmu *pmu, unsigned counter, uint64_t event);

/* Starts and stops counters; pmu_forget takes their events away. Cycle and instret are up to
 * date. */
void pmu_start(struct pmu *pmu, uint64_t set);
void pmu_stop(struct pmu *pmu, uint64_t set);
void pmu_forget(struct pmu *pmu, uint64_t set);

/* True where each counter of `set` has something to count: cycle and instret always. */
bool pmu_have_events(const struct pmu *pmu, uint64_t set);

/* Adds one to the running counters of a watched event. */
void pmu_add(struct pmu *pmu, enum sbi_pmu_firmware event);

/* A firmware event happened. On the vCPU's home hart. */
static inline void pmu_count(struct pmu *pmu, enum sbi_pmu_firmware event)
{
    if (__builtin_expect((pmu->watched & BIT(event)) != 0, false))
        pmu_add(pmu, event);
}

/* As pmu_count, for the event that an exception of this cause is, if any. */
void pmu_count_exception(struct pmu *pmu, uint64_t cause);

/* The vCPU is not loaded. */
void pmu_archive(struct pmu *pmu, struct archive *archive);

#endif
