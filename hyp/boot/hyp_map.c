/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sv48 where the hart has it, else Sv39 of which the lower half is used: addresses below 2^38.
 * Priv 12.4 (Sv39), 12.5 (Sv48). Comes after boot/memory.c.
 */
#include "boot/hyp_map.h"

#include "boot/image.h"
#include "boot/memory.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "mem/gstage.h"
#include "mem/pages.h"
#include "platform.h"
#include "riscv/caps.h"
#include "riscv/csr.h"
#include "riscv/hart.h"

#define LEVEL_BITS    9
#define TABLE_ENTRIES 512

#define RIGHTS_TEXT   (PTE_R | PTE_X)
#define RIGHTS_RODATA PTE_R
#define RIGHTS_DATA   (PTE_R | PTE_W)

uint64_t hyp_map_satp;

static uint64_t *root;
static unsigned root_level;

static uint64_t level_size(unsigned level)
{
    return PAGE_SIZE << (LEVEL_BITS * level);
}

static uint64_t *entry_of(uint64_t *table, hpa_t address, unsigned level)
{
    return &table[address / level_size(level) % TABLE_ENTRIES];
}

static uint64_t leaf(hpa_t hpa, uint64_t rights)
{
    return field_set(PTE_PPN, rights | PTE_V | PTE_A | PTE_D, hpa >> PAGE_SHIFT);
}

static uint64_t *new_table(void)
{
    uint64_t *table = (uint64_t *)pages_alloc(0, PAGES_OWNER_HYP);

    if (!table)
        panic("no memory for the hypervisor's page tables");
    memset(table, 0, PAGE_SIZE);
    return table;
}

/* The table below `entry`; a leaf there is split into smaller leaves with its rights. */
static uint64_t *open_table(uint64_t *entry, unsigned level)
{
    uint64_t old = *entry;
    uint64_t *table;

    if ((old & PTE_V) && !(old & (PTE_R | PTE_X)))
        return (uint64_t *)(field_get(PTE_PPN, old) << PAGE_SHIFT);
    table = new_table();
    if (old & PTE_V) {
        for (unsigned i = 0; i < TABLE_ENTRIES; i++)
            table[i] =
                field_set(PTE_PPN, old,
                          field_get(PTE_PPN, old) + (i * level_size(level - 1) >> PAGE_SHIFT));
    }
    hart_fence(); /* the table is whole before any hart can walk it */
    *entry = field_set(PTE_PPN, PTE_V, (hpa_t)table >> PAGE_SHIFT);
    return table;
}

/* The entry of the largest leaf that may stand at `address` and is not larger than `size`. */
static uint64_t *find_entry(hpa_t address, uint64_t size, unsigned *level)
{
    uint64_t *table = root;

    for (*level = root_level;; (*level)--) {
        uint64_t *entry = entry_of(table, address, *level);
        uint64_t span = level_size(*level);

        if (*level == 0 || (*level <= 2 && is_aligned(address, span) && span <= size))
            return entry;
        table = open_table(entry, *level);
    }
}

/* Whole pages; what is mapped there already gets the new rights. */
static void map(hpa_t base, uint64_t size, uint64_t rights)
{
    hpa_t end = align_up(base + size, PAGE_SIZE);

    for (base = align_down(base, PAGE_SIZE); base < end;) {
        unsigned level;
        uint64_t *entry = find_entry(base, end - base, &level);

        *entry = leaf(base, rights);
        base += level_size(level);
    }
}

static void map_data(hpa_t base, uint64_t size)
{
    map(base, size, RIGHTS_DATA);
}

static void map_image(void)
{
    map((hpa_t)image_start, (uint64_t)(text_end - image_start), RIGHTS_TEXT);
    map((hpa_t)text_end, (uint64_t)(rodata_end - text_end), RIGHTS_RODATA);
    map((hpa_t)rodata_end, (uint64_t)(image_end - rodata_end), RIGHTS_DATA);
}

bool hyp_map_reaches(hpa_t end)
{
    return end <= BIT(caps.sv48 ? 47 : 38);
}

void hyp_map_guard(hpa_t hpa)
{
    unsigned level;

    *find_entry(hpa, PAGE_SIZE, &level) = 0;
    hart_sfence_vma();
}

void hyp_map_init(void)
{
    root_level = caps.sv48 ? 3 : 2;
    root = new_table();
    memory_each_free(map_data);
    map((hpa_t)platform.fdt, platform.fdt_size, RIGHTS_RODATA);
    if (platform.bundle.size)
        map(platform.bundle.base, platform.bundle.size, RIGHTS_RODATA);
    for (unsigned i = 0; i < platform.device_count; i++)
        map(platform.devices[i].base, platform.devices[i].size, RIGHTS_DATA);
    map_image();
    hyp_map_satp = field_set(SATP_MODE, (hpa_t)root >> PAGE_SHIFT,
                             caps.sv48 ? SATP_MODE_SV48 : SATP_MODE_SV39);
    csr_write(satp, hyp_map_satp);
    hart_sfence_vma();
    hyp_map_guard((hpa_t)boot_stack_guard);
}
