// SPDX-License-Identifier: BSD-2-Clause
/*
 * Virtual memory and user mode on one hart: what translates, what faults and how, and processes
 * with address spaces of their own. This file is the list of topics, and what they share.
 */
#include "paging/paging.h"

#include "lib/harts.h"
#include "riscv/hart.h"

uint64_t *kernel_root;

void window_map(uint64_t va, const void *page, uint64_t flags)
{
    table_map(kernel_root, va, page, 0, flags);
    hart_sfence_vma();
}

bool access_faults(trap_try_fn *access, uint64_t va, uint64_t cause)
{
    struct trap_seen seen = trap_try(access, va, 0);
    uint64_t epc = access == access_jump ? va : (uint64_t)access;

    if (trap_is(&seen, cause) && seen.tval == va && seen.epc == epc)
        return true;
    tap_diag("at %lx: expected cause %lu, epc %lx; trap %d, cause %lu, tval %lx, epc %lx", va,
             cause, epc, seen.taken, seen.cause, seen.tval, seen.epc);
    return false;
}

bool access_works(trap_try_fn *access, uint64_t va, uint64_t value)
{
    struct trap_seen seen = trap_try(access, va, value);

    if (seen.taken)
        tap_diag("at %lx: cause %lu, tval %lx, epc %lx", va, seen.cause, seen.tval, seen.epc);
    return !seen.taken;
}

bool access_gives(trap_try_fn *access, uint64_t va, uint64_t expected)
{
    struct trap_seen seen = trap_try(access, va, 0);

    if (!seen.taken && seen.value == expected)
        return true;
    tap_diag("at %lx: expected %lx; %lx, trap %d, cause %lu, tval %lx", va, expected, seen.value,
             seen.taken, seen.cause, seen.tval);
    return false;
}

void guest_main(void)
{
    tap_plan(LEAF_CHECKS + RIGHT_CHECKS + STRADDLE_CHECKS + USER_CHECKS + PROCESS_CHECKS +
             DEMAND_CHECKS + MODE_CHECKS);
    leaf_test(); /* turns translation on */
    right_test();
    straddle_test();
    user_test();
    process_test();
    demand_test();
    mode_test();
    tap_end();
}
