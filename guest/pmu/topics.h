/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The topics of this guest, one file each, in the order in which they run, and short names for
 * the calls. (Not pmu.h: the hypervisor has a vcpu/pmu.h.)
 */
#ifndef PMU_TOPICS_H
#define PMU_TOPICS_H

#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"
#include "riscv/csr.h"

#define PMU_HARTS 2

enum { FIXED_CHECKS = 15, FIRMWARE_CHECKS = 9, REMOTE_CHECKS = 4, USER_CHECKS = 5 };

void fixed_test(void); /* first: it wants the counters as they are after a start */
void firmware_test(void);
void remote_test(void);
void user_test(void);

#define INDEX_CYCLE   0 /* the same number everywhere: that of the CSR, less that of cycle */
#define INDEX_INSTRET 2
#define NO_COUNTER    1000
#define ALL_COUNTERS  UINT64_MAX /* as a config mask: what is there of the first 64 */

static inline uint64_t firmware_event(enum sbi_pmu_firmware code)
{
    return field_set(SBI_PMU_EVENT_TYPE, code, SBI_PMU_TYPE_FIRMWARE);
}

struct sbi_ret pmu_call(uint64_t function, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3);

/* All counters that there are, as bits; at most 64. */
uint64_t pmu_counters(void);

/* One counter at a time. */
struct sbi_ret pmu_info(uint64_t counter);
struct sbi_ret pmu_config(uint64_t mask, uint64_t flags, uint64_t event);
int64_t pmu_start(uint64_t counter, uint64_t flags, uint64_t value);
int64_t pmu_stop(uint64_t counter, uint64_t flags);
uint64_t pmu_read(uint64_t counter); /* of a firmware counter */

/* A counter of that event, started at 0; NO_COUNTER where there is none. */
uint64_t pmu_watch(uint64_t event);

#endif
