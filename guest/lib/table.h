/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page tables of a guest, Priv 12.4 (Sv39) and the deeper ones, and the pages they are made of.
 * Nothing is ever freed. Addresses in and out of tables are physical, which the kernel sees
 * unchanged: it maps itself one to one.
 */
#ifndef LIB_TABLE_H
#define LIB_TABLE_H

#include "lib/bits.h"

#define PAGE_SIZE 4096UL

#define PTE_PPN BITS(53, 10)
#define PTE_D   BIT(7)
#define PTE_A   BIT(6)
#define PTE_G   BIT(5)
#define PTE_U   BIT(4)
#define PTE_X   BIT(3)
#define PTE_W   BIT(2)
#define PTE_R   BIT(1)
#define PTE_V   BIT(0)

/* A leaf that never faults for want of A or D. */
#define PTE_READ  (PTE_V | PTE_R | PTE_A | PTE_D)
#define PTE_WRITE (PTE_READ | PTE_W)
#define PTE_ALL   (PTE_WRITE | PTE_X)

/* Levels of a table's root. A leaf of level 0 maps 4 KiB, 1 2 MiB, 2 1 GiB. */
enum { TABLE_SV39 = 2, TABLE_SV48, TABLE_SV57 };

/* A page of zeros, which is also an empty table. Any hart. Ends the test if none is left. */
uint64_t *page_new(void);

static inline uint64_t pte_make(const void *page, uint64_t flags)
{
    return field_set(PTE_PPN, flags, (uint64_t)page / PAGE_SIZE);
}

static inline uint64_t *pte_page(uint64_t pte)
{
    return (uint64_t *)(field_get(PTE_PPN, pte) * PAGE_SIZE);
}

/* The entry for va at `level`; the tables on the way there are made if need be. */
uint64_t *table_entry(uint64_t *root, unsigned root_level, uint64_t va, unsigned level);

/* Maps one leaf. The caller fences. */
void table_map(uint64_t *root, uint64_t va, const void *page, unsigned level, uint64_t flags);

/* A new Sv39 table with the RAM of the first GiB one to one, for the kernel alone. */
uint64_t *table_new(void);

/* The word for satp: SATP_MODE_SV39 and so on. */
uint64_t table_satp(const uint64_t *root, uint64_t mode, uint64_t asid);

#endif
