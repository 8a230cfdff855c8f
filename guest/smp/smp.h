/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The topics of this guest, one file each, in the order in which they run.
 */
#ifndef SMP_SMP_H
#define SMP_SMP_H

#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"
#include "riscv/csr.h"

#define SMP_HARTS 4

enum { HSM_CHECKS = 10, IPI_CHECKS = 5, FENCE_I_CHECKS = 3, SFENCE_CHECKS = 12, LOCK_CHECKS = 3 };
enum { STOP_CHECKS = 3, SUSPEND_CHECKS = 9 };

void hsm_test(void); /* starts the other harts, which serve from then on */
void ipi_test(void);
void fence_i_test(void);
void sfence_test(void);
void lock_test(void);
void stop_test(void);
void suspend_test(void);

/* How a hart came to life: the entry of a start or of a resume after suspension. */
struct arrival {
    uint64_t id, opaque;
    uint64_t satp, sstatus;
    uint64_t count; /* written last */
};
extern struct arrival arrivals[HARTS_MAX];

void arrive(uint64_t hartid, uint64_t opaque); /* a hart_entry that records it */

/* An opaque value, different for each start, that needs all 64 bits. */
uint64_t opaque_make(uint64_t id, uint64_t round);

/* Waits for arrival number `count` of hart `id`; whether it came as it should. */
bool arrival_is_good(uint64_t id, uint64_t count, uint64_t opaque);

/* An address that no hart may run at. */
uint64_t bad_start_address(void);

/* All harts but this one, as a mask with base 0. */
static inline uint64_t other_harts(void)
{
    return (BIT(SMP_HARTS) - 1) & ~BIT(hart_self()->id);
}

#define FOR_OTHER_HARTS(id)                                                                        \
    for (uint64_t id = 0; id < SMP_HARTS; id++)                                                    \
        if (id != hart_self()->id)

#endif
