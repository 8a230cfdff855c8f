// SPDX-License-Identifier: BSD-2-Clause
/*
 * Building page tables. Reading them is the hart's work.
 */
#include "lib/table.h"

#include "lib/tap.h"
#include "riscv/csr.h"

#define PAGES    384
#define RAM_BASE 0x80000000

#define BITS_OF_OFFSET 12
#define BITS_OF_LEVEL  9

static uint64_t pages[PAGES][PAGE_SIZE / 8] __attribute__((aligned(PAGE_SIZE)));
static unsigned pages_used;

uint64_t *page_new(void)
{
    unsigned page = __atomic_fetch_add(&pages_used, 1, __ATOMIC_RELAXED);

    if (page >= PAGES) {
        tap_diag("no pages left");
        tap_fail();
    }
    return pages[page];
}

uint64_t *table_entry(uint64_t *root, unsigned root_level, uint64_t va, unsigned level)
{
    uint64_t *table = root;

    for (unsigned at = root_level;; at--) {
        unsigned shift = BITS_OF_OFFSET + at * BITS_OF_LEVEL;
        uint64_t *entry = &table[field_get(BITS(shift + BITS_OF_LEVEL - 1, shift), va)];

        if (at == level)
            return entry;
        if (!(*entry & PTE_V))
            *entry = pte_make(page_new(), PTE_V);
        table = pte_page(*entry);
    }
}

void table_map(uint64_t *root, uint64_t va, const void *page, unsigned level, uint64_t flags)
{
    *table_entry(root, TABLE_SV39, va, level) = pte_make(page, flags);
}

uint64_t *table_new(void)
{
    uint64_t *root = page_new();

    table_map(root, RAM_BASE, (const void *)RAM_BASE, 2, PTE_ALL | PTE_G);
    return root;
}

uint64_t table_satp(const uint64_t *root, uint64_t mode, uint64_t asid)
{
    uint64_t satp = field_set(SATP_PPN, 0, (uint64_t)root / PAGE_SIZE);

    return field_set(SATP_MODE, field_set(SATP_ASID, satp, asid), mode);
}
