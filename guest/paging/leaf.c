// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which addresses translate: leaves of the three sizes of Sv39, and entries that are no good.
 * Priv 12.3.2 (Virtual Address Translation Process), 12.4 (Sv39).
 */
#include "paging/paging.h"
#include "riscv/hart.h"

#define RAM_BASE   0x80000000UL
#define MIB_2      (UL(1) << 21)
#define GIB_1      (UL(1) << 30)
#define WINDOW_2M  (WINDOW + MIB_2)
#define WINDOW_1G  (WINDOW + GIB_1)
#define NO_MAPPING (WINDOW + 3 * MIB_2)

static uint64_t *page;

static void map(uint64_t va, uint64_t pa, unsigned level, uint64_t flags)
{
    table_map(kernel_root, va, (const void *)pa, level, flags);
    hart_sfence_vma();
}

static void turn_on(void)
{
    uint64_t satp;

    kernel_root = table_new();
    satp = table_satp(kernel_root, SATP_MODE_SV39, 0);
    csr_write(satp, satp);
    hart_sfence_vma();
    tap_equal(csr_read(satp), satp, "Sv39 turns on and satp reads as written");
}

/* Through `alias`, what stands at RAM_BASE, is seen and changed. */
static bool is_alias(uint64_t alias, uint64_t pa, uint64_t *word)
{
    uint64_t va = alias + ((uint64_t)word - pa);

    *word = 0x1122334455667788;
    bool seen = access_gives(access_ld, va, *word);

    return seen && access_works(access_sd, va, ~*word) && *word == ~UL(0x1122334455667788);
}

static void check_sizes(void)
{
    uint64_t large = align_down((uint64_t)page, MIB_2);

    map(WINDOW, (uint64_t)page, 0, PTE_WRITE);
    tap_ok(is_alias(WINDOW, (uint64_t)page, page), "a 4 KiB leaf maps a page");
    map(WINDOW_2M, large, 1, PTE_WRITE);
    tap_ok(is_alias(WINDOW_2M, large, page), "a 2 MiB leaf maps a large page");
    map(WINDOW_1G, RAM_BASE, 2, PTE_WRITE);
    tap_ok(is_alias(WINDOW_1G, RAM_BASE, page), "a 1 GiB leaf maps a huge page");
}

static bool all_fault(uint64_t va)
{
    bool loads = access_faults(access_ld, va, CAUSE_LOAD_PAGE_FAULT);
    bool stores = access_faults(access_sd, va, CAUSE_STORE_PAGE_FAULT);

    return access_faults(access_jump, va, CAUSE_INSN_PAGE_FAULT) && loads && stores;
}

static void check_invalid(void)
{
    tap_ok(all_fault(NO_MAPPING + 0x128),
           "no entry: load 13, store 15, fetch 12, with the address in stval");
    tap_ok(all_fault(BIT(38) + 0x1000), "so without any table on the way");
    map(WINDOW_2M, RAM_BASE + PAGE_SIZE, 1, PTE_ALL);
    bool large = all_fault(WINDOW_2M);

    map(WINDOW_1G, RAM_BASE + MIB_2, 2, PTE_ALL);
    tap_ok(large && all_fault(WINDOW_1G), "so with a leaf that is not aligned to its size");
    map(WINDOW, (uint64_t)page, 0, PTE_ALL & ~PTE_R);
    tap_ok(all_fault(WINDOW), "so with the reserved rights write without read");
    map(WINDOW, (uint64_t)page, 0, PTE_V);
    tap_ok(all_fault(WINDOW), "so with a pointer where only a leaf can be");
    map(WINDOW, (uint64_t)page, 0, PTE_ALL | BIT(54));
    tap_ok(all_fault(WINDOW), "so with a reserved bit set");
    tap_ok(access_faults(access_ld, BIT(40) + RAM_BASE, CAUSE_LOAD_PAGE_FAULT) &&
               access_faults(access_sd, BIT(63) + RAM_BASE, CAUSE_STORE_PAGE_FAULT),
           "so at addresses whose high bits are not all alike");
}

void leaf_test(void)
{
    page = page_new();
    turn_on();
    check_sizes();
    check_invalid();
    map(WINDOW, 0, 0, 0);
    map(WINDOW_2M, 0, 1, 0);
    map(WINDOW_1G, 0, 2, 0);
}
