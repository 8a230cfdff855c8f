// SPDX-License-Identifier: BSD-2-Clause
/*
 * Starting harts. SBI 9 (HSM). Stopping them again is in stop.c, suspending in suspend.c.
 */
#include "smp/smp.h"

#define NO_HART 1000

struct arrival arrivals[HARTS_MAX];

void arrive(uint64_t hartid, uint64_t opaque)
{
    struct arrival *arrival = &arrivals[hart_self()->id];

    arrival->id = hartid;
    arrival->opaque = opaque;
    arrival->satp = csr_read(satp);
    arrival->sstatus = csr_read(sstatus);
    __atomic_fetch_add(&arrival->count, 1, __ATOMIC_RELEASE);
}

uint64_t opaque_make(uint64_t id, uint64_t round)
{
    return 0xfedcba9800000000 | (id + 1) << 16 | round;
}

bool arrival_is_good(uint64_t id, uint64_t count, uint64_t opaque)
{
    struct arrival *arrival = &arrivals[id];

    if (!WAIT_FOR(__atomic_load_n(&arrival->count, __ATOMIC_ACQUIRE) == count)) {
        tap_diag("hart %lu did not arrive", id);
        return false;
    }
    return arrival->id == id && arrival->opaque == opaque && arrival->satp == 0 &&
           !(arrival->sstatus & SSTATUS_SIE);
}

/* OpenSBI holds only its own memory to be closed, and would run a hart in a hole. In a VM there
 * is no firmware memory, and a hole is no valid address: SBI 9.1 (HART start). */
uint64_t bad_start_address(void)
{
    return sbi_is_opensbi() ? 0x80000000 : BIT(50);
}

static unsigned count_status(uint64_t status)
{
    unsigned count = 0;

    FOR_OTHER_HARTS(id)
    {
        count += WAIT_FOR(sbi_hart_status(id).value == status);
    }
    return count;
}

static void check_refusals(void)
{
    uint64_t entry = (uint64_t)hart_start, other = hart_self()->id == 0 ? 1 : 0;

    tap_equal(sbi_hart_start(NO_HART, entry, 0).error, SBI_ERR_INVALID_PARAM,
              "starting a hart that does not exist is INVALID_PARAM");
    tap_equal(sbi_hart_status(NO_HART).error, SBI_ERR_INVALID_PARAM,
              "the status of a hart that does not exist is INVALID_PARAM");
    tap_equal(sbi_hart_start(other, bad_start_address(), 0).error, SBI_ERR_INVALID_ADDRESS,
              "starting a hart where no code can be is INVALID_ADDRESS");
}

static void check_start(void)
{
    unsigned accepted = 0, good = 0;

    harts_entry = arrive;
    FOR_OTHER_HARTS(id)
    {
        accepted += !sbi_hart_start(id, (uint64_t)hart_start, opaque_make(id, 0)).error;
    }
    tap_equal(accepted, SMP_HARTS - 1, "the other harts accept a start");
    FOR_OTHER_HARTS(id)
    {
        good += arrival_is_good(id, 1, opaque_make(id, 0));
    }
    tap_equal(good, SMP_HARTS - 1,
              "each begins with its hart id, its 64-bit opaque, no translation, no interrupts");
}

static void check_running(void)
{
    unsigned refused = 0;

    tap_equal(count_status(SBI_HSM_STARTED), SMP_HARTS - 1, "their status is STARTED");
    FOR_OTHER_HARTS(id)
    {
        refused += sbi_hart_start(id, (uint64_t)hart_start, 0).error == SBI_ERR_ALREADY_AVAILABLE;
    }
    tap_equal(refused, SMP_HARTS - 1, "starting a running hart is ALREADY_AVAILABLE");
    tap_equal(sbi_hart_start(hart_self()->id, (uint64_t)hart_start, 0).error,
              SBI_ERR_ALREADY_AVAILABLE, "so is starting oneself");
}

void hsm_test(void)
{
    if (!tap_equal(harts_count(), SMP_HARTS, "there are four harts"))
        tap_fail();
    tap_equal(count_status(SBI_HSM_STOPPED), SMP_HARTS - 1, "the others are STOPPED at first");
    check_refusals();
    check_start();
    check_running();
}
