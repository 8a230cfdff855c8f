// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a leaf allows the kernel: R, W, X, U with SUM and MXR, A and D. Priv 12.1.1 (sstatus),
 * 12.3.1 (Addressing and Memory Protection). User mode is in user.c.
 */
#include "paging/paging.h"
#include "riscv/hart.h"

#define INSN_RET 0x00008067

static uint64_t *page; /* begins with a ret, so that it can be called */

static void leaf(uint64_t flags)
{
    window_map(WINDOW, page, flags);
}

static bool loads(void)
{
    return access_works(access_ld, WINDOW, 0);
}

static bool stores(void)
{
    return access_works(access_sd, WINDOW, INSN_RET);
}

static bool runs(void)
{
    return access_works(access_jump, WINDOW, 0);
}

static bool load_faults(void)
{
    return access_faults(access_ld, WINDOW, CAUSE_LOAD_PAGE_FAULT);
}

static bool store_faults(void)
{
    return access_faults(access_sd, WINDOW, CAUSE_STORE_PAGE_FAULT);
}

static bool fetch_faults(void)
{
    return access_faults(access_jump, WINDOW, CAUSE_INSN_PAGE_FAULT);
}

static void check_kernel_pages(void)
{
    leaf(PTE_READ);
    tap_ok(loads() && store_faults() && fetch_faults(), "R alone: load, no store, no fetch");
    leaf(PTE_WRITE);
    tap_ok(loads() && stores() && fetch_faults(), "R and W: load, store, no fetch");
    leaf(PTE_READ | PTE_X);
    tap_ok(loads() && store_faults() && runs(), "R and X: load, no store, fetch");
    leaf((PTE_READ | PTE_X) & ~PTE_R);
    tap_ok(load_faults() && store_faults() && runs(), "X alone: fetch only");
    csr_set(sstatus, SSTATUS_MXR);
    bool readable = loads() && store_faults();

    csr_clear(sstatus, SSTATUS_MXR);
    tap_ok(readable && load_faults(), "X alone with MXR: load too");
}

static void check_user_pages(void)
{
    leaf(PTE_ALL | PTE_U);
    tap_ok(load_faults() && store_faults() && fetch_faults(), "U: not for the kernel");
    csr_set(sstatus, SSTATUS_SUM);
    tap_ok(loads() && stores(), "U with SUM: the kernel loads and stores");
    tap_ok(fetch_faults(), "U with SUM: but it never fetches");
    csr_clear(sstatus, SSTATUS_SUM);
}

static void check_atomics(void)
{
    leaf(PTE_READ);
    tap_ok(access_faults(access_amoadd, WINDOW, CAUSE_STORE_PAGE_FAULT) &&
               access_works(access_lr, WINDOW, 0),
           "an AMO without W is a store page fault, LR needs R only");
}

/* True where the hart set `bit` itself (Svadu), or left it clear and raised `cause` (Svade). */
static bool marks_or_faults(trap_try_fn *access, uint64_t bit, uint64_t cause)
{
    uint64_t *pte = table_entry(kernel_root, TABLE_SV39, WINDOW, 0);
    struct trap_seen seen;

    leaf(PTE_WRITE & ~bit);
    seen = trap_try(access, WINDOW, INSN_RET);
    if (seen.taken)
        return seen.cause == cause && seen.tval == WINDOW && !(*pte & bit);
    return *pte & bit;
}

static void check_accessed_and_dirty(void)
{
    tap_ok(marks_or_faults(access_ld, PTE_A, CAUSE_LOAD_PAGE_FAULT),
           "a load from a page without A sets it or is a page fault");
    tap_ok(marks_or_faults(access_sd, PTE_D, CAUSE_STORE_PAGE_FAULT),
           "a store to a page without D sets it or is a page fault");
}

void right_test(void)
{
    page = page_new();
    *page = INSN_RET;
    hart_fence_i();
    check_kernel_pages();
    check_user_pages();
    check_atomics();
    check_accessed_and_dirty();
    leaf(0);
}
