// SPDX-License-Identifier: BSD-2-Clause
/*
 * The modes of satp. Deeper tables than Sv39 may be there or not; what is printed does not
 * depend on it. Priv 12.1.11 (satp): a write with a mode that is not there changes nothing.
 */
#include "paging/paging.h"
#include "riscv/hart.h"

#define MODE_RESERVED 14

/* Uses `va` in a deeper table, in which the lowest 512 GiB are the kernel's. */
static bool translates(uint64_t va, uint64_t *page)
{
    *page = va;
    return access_gives(access_ld, va, va) && access_works(access_sd, va, 1) && *page == 1;
}

/* What satp holds afterwards must be the new word, and work, or the old. */
static bool try_mode(uint64_t mode, unsigned root_level, uint64_t va)
{
    uint64_t *root = page_new(), *page = page_new(), old = csr_read(satp);
    uint64_t new = table_satp(root, mode, 0);
    bool works = true;

    *table_entry(root, root_level, 0, TABLE_SV48) = pte_make(kernel_root, PTE_V);
    *table_entry(root, root_level, va, 0) = pte_make(page, PTE_WRITE);
    csr_write(satp, new);
    hart_sfence_vma();
    uint64_t found = csr_read(satp);

    if (found == new)
        works =
            translates(va, page) && access_faults(access_ld, va + PAGE_SIZE, CAUSE_LOAD_PAGE_FAULT);
    csr_write(satp, old);
    hart_sfence_vma();
    return works && (found == new || found == old);
}

void mode_test(void)
{
    uint64_t old = csr_read(satp);

    tap_ok(try_mode(SATP_MODE_SV48, TABLE_SV48, BIT(40)),
           "Sv48 translates an address above Sv39's, or satp refuses it");
    tap_ok(try_mode(SATP_MODE_SV57, TABLE_SV57, BIT(50)),
           "Sv57 translates an address above Sv48's, or satp refuses it");
    csr_write(satp, table_satp(kernel_root, MODE_RESERVED, 5));
    tap_equal(csr_read(satp), old, "a write of satp with a reserved mode changes nothing");
    csr_write(satp, 0);
    hart_sfence_vma();
    tap_ok(csr_read(satp) == 0 &&
               access_gives(access_ld, (uint64_t)&kernel_root, (uint64_t)kernel_root),
           "translation turns off");
}
