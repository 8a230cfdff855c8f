/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * G-stage page tables, built, edited and walked in software. A table below the root holds at
 * least one entry: one that becomes empty is freed, so a hole is always an entry of 0 as high up
 * as can be. Leaves come from pages.c's blocks or from a device; which, is the caller's matter,
 * as are the fences. guest_mem.c, next on the path, reads guests' memory by these tables.
 */
#include "mem/gstage.h"

#include "lib/assert.h"
#include "lib/err.h"
#include "lib/string.h"
#include "mem/pages.h"
#include "riscv/csr.h"

#define ROOT_LEVEL    (GSTAGE_LEVELS - 1)
#define TABLE_ENTRIES (PAGE_SIZE / sizeof(uint64_t))
#define RIGHTS        (PTE_X | PTE_W | PTE_R)
#define CHANGEABLE    (RIGHTS | PTE_WATCHED)
#define HPA_BITS      56 /* the PPN has 44 bits */

static uint64_t pte_make(hpa_t hpa, uint64_t flags)
{
    return field_set(PTE_PPN, flags, hpa / PAGE_SIZE);
}

static hpa_t pte_hpa(uint64_t pte)
{
    return field_get(PTE_PPN, pte) * PAGE_SIZE;
}

/*
 * A valid entry with any right is a leaf; without, it leads to a table, which at level 0 nothing
 * does. Priv 12.3.1 (Addressing and Memory Protection)
 */
static bool pte_is_leaf(uint64_t pte)
{
    return (pte & PTE_V) && (pte & RIGHTS);
}

static bool pte_is_table(uint64_t pte, unsigned level)
{
    return level > 0 && (pte & PTE_V) && !(pte & RIGHTS);
}

static uint64_t *table_of(hpa_t hpa)
{
    return (uint64_t *)hpa;
}

static uint64_t *entry_of(hpa_t table, unsigned level, gpa_t gpa)
{
    uint64_t index = gpa / GSTAGE_LEAF_SIZE(level);
    if (level < ROOT_LEVEL)
        index %= TABLE_ENTRIES;
    return &table_of(table)[index];
}

/* The first address that the entry of `gpa` does not translate. */
static gpa_t entry_end(gpa_t gpa, unsigned level)
{
    return align_down(gpa, GSTAGE_LEAF_SIZE(level)) + GSTAGE_LEAF_SIZE(level);
}

/* 0 where there is no page. Its entries are for the caller to write, all of them. */
static hpa_t table_alloc(struct gstage *gstage)
{
    hpa_t table = pages_alloc(0, gstage->owner);
    if (table)
        gstage->tables++;
    return table;
}

static bool table_is_empty(hpa_t table)
{
    for (unsigned i = 0; i < TABLE_ENTRIES; i++) {
        if (table_of(table)[i])
            return false;
    }
    return true;
}

/* Frees the table that `entry` leads to, if nothing is in it any more. */
static void table_prune(struct gstage *gstage, uint64_t *entry)
{
    hpa_t table = pte_hpa(*entry);
    if (!table_is_empty(table))
        return;
    *entry = 0;
    gstage->tables--;
    pages_free(table, 0);
}

/* Puts a table of 512 leaves, which translate the same, in the place of a leaf. */
static int leaf_split(struct gstage *gstage, uint64_t *entry, unsigned level)
{
    hpa_t table = table_alloc(gstage);
    if (!table)
        return ERR_NO_MEMORY;
    for (unsigned i = 0; i < TABLE_ENTRIES; i++)
        table_of(table)[i] = pte_make(pte_hpa(*entry) + i * GSTAGE_LEAF_SIZE(level - 1), *entry);
    *entry = pte_make(table, PTE_V);
    return 0;
}

/* The entry of `gpa` at `level`, with the tables that lead to it; NULL where pages run out. */
static uint64_t *entry_make(struct gstage *gstage, gpa_t gpa, unsigned level)
{
    uint64_t *entry = entry_of(gstage->root, ROOT_LEVEL, gpa);
    for (unsigned at = ROOT_LEVEL; at > level; at--) {
        if (!*entry) {
            hpa_t table = table_alloc(gstage);
            if (!table)
                return NULL;
            memset(table_of(table), 0, PAGE_SIZE);
            *entry = pte_make(table, PTE_V);
        }
        entry = entry_of(pte_hpa(*entry), at - 1, gpa);
    }
    return entry;
}

/* Whole leaves of [gpa, end) get `rights`, or go where that is 0; others are split first.
 * As deep as the tables are: NOLINTNEXTLINE(misc-no-recursion) */
static int range_edit(struct gstage *gstage, hpa_t table, unsigned level, gpa_t gpa, gpa_t end,
                      uint64_t rights)
{
    for (gpa_t next; gpa < end; gpa = next) {
        uint64_t *entry = entry_of(table, level, gpa);
        next = min_u64(end, entry_end(gpa, level));
        if (pte_is_leaf(*entry) && next - gpa == GSTAGE_LEAF_SIZE(level)) {
            *entry = rights ? (*entry & ~CHANGEABLE) | rights : 0;
            continue;
        }
        if (pte_is_leaf(*entry) && leaf_split(gstage, entry, level))
            return ERR_NO_MEMORY;
        if (!pte_is_table(*entry, level))
            continue;
        int err = range_edit(gstage, pte_hpa(*entry), level - 1, gpa, next, rights);
        table_prune(gstage, entry);
        if (err)
            return err;
    }
    return 0;
}

static bool range_is_hole(const struct gstage *gstage, gpa_t gpa, gpa_t end)
{
    struct gstage_leaf leaf;
    for (; gpa < end; gpa = entry_end(gpa, leaf.level)) {
        if (gstage_walk(gstage, gpa, &leaf))
            return false;
    }
    return true;
}

static bool range_is_possible(gpa_t gpa, uint64_t size)
{
    assert(is_aligned(gpa | size, PAGE_SIZE));
    return range_within(gpa, size, 0, BIT(GSTAGE_GPA_BITS));
}

/* W without R is reserved, and no right at all would lead to a table: as above. */
static bool rights_are_valid(uint64_t rights)
{
    return !(rights & ~RIGHTS) && rights != 0 && (!(rights & PTE_W) || (rights & PTE_R));
}

int gstage_init(struct gstage *gstage, uint32_t owner)
{
    *gstage = (struct gstage){.root = pages_alloc(GSTAGE_ROOT_ORDER, owner), .owner = owner};
    if (!gstage->root)
        return ERR_NO_MEMORY;
    memset(table_of(gstage->root), 0, PAGE_SIZE << GSTAGE_ROOT_ORDER);
    return 0;
}

/* The highest level whose leaf fits at these addresses and into `size`. */
static unsigned level_fitting(gpa_t gpa, hpa_t hpa, uint64_t size)
{
    unsigned level = ROOT_LEVEL;
    while (level > 0 &&
           (size < GSTAGE_LEAF_SIZE(level) || !is_aligned(gpa | hpa, GSTAGE_LEAF_SIZE(level))))
        level--;
    return level;
}

int gstage_map(struct gstage *gstage, gpa_t gpa, hpa_t hpa, uint64_t size, uint64_t rights)
{
    assert(rights_are_valid(rights) && is_aligned(hpa, PAGE_SIZE));
    if (!range_is_possible(gpa, size) || !range_within(hpa, size, 0, BIT(HPA_BITS)))
        return ERR_RANGE;
    if (!range_is_hole(gstage, gpa, gpa + size))
        return ERR_EXISTS;

    unsigned level;
    for (uint64_t done = 0; done < size; done += GSTAGE_LEAF_SIZE(level)) {
        level = level_fitting(gpa + done, hpa + done, size - done);
        uint64_t *entry = entry_make(gstage, gpa + done, level);
        if (!entry) {
            /* Cannot fail: no leaf of this call sticks out of its range. */
            range_edit(gstage, gstage->root, ROOT_LEVEL, gpa, gpa + size, 0);
            return ERR_NO_MEMORY;
        }
        /* A and D at once: hardware that does not set them itself would fault. */
        *entry = pte_make(hpa + done, PTE_D | PTE_A | PTE_U | rights | PTE_V);
    }
    return 0;
}

int gstage_unmap(struct gstage *gstage, gpa_t gpa, uint64_t size)
{
    if (!range_is_possible(gpa, size))
        return ERR_RANGE;
    return range_edit(gstage, gstage->root, ROOT_LEVEL, gpa, gpa + size, 0);
}

int gstage_protect(struct gstage *gstage, gpa_t gpa, uint64_t size, uint64_t rights)
{
    assert(rights_are_valid(rights & ~PTE_WATCHED));
    if (!range_is_possible(gpa, size))
        return ERR_RANGE;
    return range_edit(gstage, gstage->root, ROOT_LEVEL, gpa, gpa + size, rights);
}

bool gstage_walk(const struct gstage *gstage, gpa_t gpa, struct gstage_leaf *leaf)
{
    *leaf = (struct gstage_leaf){.level = ROOT_LEVEL};
    if (gpa >= BIT(GSTAGE_GPA_BITS))
        return false;
    uint64_t pte = *entry_of(gstage->root, ROOT_LEVEL, gpa);
    while (pte_is_table(pte, leaf->level)) {
        leaf->level--;
        pte = *entry_of(pte_hpa(pte), leaf->level, gpa);
    }
    if (!pte_is_leaf(pte))
        return false;
    leaf->pte = pte;
    leaf->hpa = pte_hpa(pte) + gpa % GSTAGE_LEAF_SIZE(leaf->level);
    return true;
}

void gstage_destroy(struct gstage *gstage)
{
    range_edit(gstage, gstage->root, ROOT_LEVEL, 0, BIT(GSTAGE_GPA_BITS), 0);
    pages_free(gstage->root, GSTAGE_ROOT_ORDER);
    gstage->root = 0;
}

uint64_t gstage_hgatp(const struct gstage *gstage)
{
    return field_set(HGATP_MODE, 0, HGATP_MODE_SV39X4) |
           field_set(HGATP_PPN, 0, gstage->root / PAGE_SIZE);
}
