/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Both stages in software, after Priv 12.3.2 (Virtual Address Translation Process) and 21.5.1
 * (Guest Physical Address Translation). The guest's tables are read through the checked door:
 * nothing here trusts what they say. The crash report and people's questions come here.
 */
#include "mem/walk.h"

#include "lib/assert.h"
#include "mem/guest_mem.h"
#include "riscv/csr.h"

#define ENTRIES      512
#define PTE_RIGHTS   (PTE_X | PTE_W | PTE_R)
#define PTE_ZERO     BITS(60, 54)                               /* reserved: Priv 12.4.1 (Sv39) */
#define PTE_OF_LEAF  (PTE_N | PTE_PBMT | PTE_D | PTE_A | PTE_U) /* reserved in a pointer */
#define NAPOT_PAGES  16                                         /* of a leaf with N */
#define NAPOT_MARKER 8                                          /* the low bits of its PPN */

/* 0 where the mode has no tables. */
static unsigned levels_of(uint64_t satp)
{
    switch (field_get(SATP_MODE, satp)) {
    case SATP_MODE_SV39:
        return 3;
    case SATP_MODE_SV48:
        return 4;
    case SATP_MODE_SV57:
        return 5;
    default:
        return 0;
    }
}

/* What is wrong with an entry, WALK_DONE where nothing is. */
static enum walk_end check_entry(uint64_t pte, unsigned level)
{
    if (!(pte & PTE_V))
        return WALK_INVALID;
    if ((pte & PTE_ZERO) || ((pte & PTE_W) && !(pte & PTE_R)))
        return WALK_RESERVED;
    if (pte & PTE_RIGHTS)
        return WALK_DONE;
    if (pte & PTE_OF_LEAF)
        return WALK_RESERVED;
    return level == 0 ? WALK_NO_LEAF : WALK_DONE;
}

/* The leaf's size, and where in it the address lies. Priv 13 (Svnapot) */
static enum walk_end take_leaf(struct walk_stage *stage, uint64_t pte, unsigned level)
{
    uint64_t page = field_get(PTE_PPN, pte);

    stage->size = GSTAGE_LEAF_SIZE(level);
    if (pte & PTE_N) {
        if (level != 0 || page % NAPOT_PAGES != NAPOT_MARKER)
            return WALK_RESERVED;
        page -= NAPOT_MARKER;
        stage->size = NAPOT_PAGES * PAGE_SIZE;
    }
    if (!is_aligned(page * PAGE_SIZE, stage->size))
        return WALK_MISALIGNED;
    stage->to = page * PAGE_SIZE + stage->from % stage->size;
    return WALK_DONE;
}

/* Notes the entry. True where it leads to the next table, *table; else the stage ended. */
static bool take_step(struct walk_stage *stage, struct walk_step step, uint64_t *table)
{
    assert(stage->count < WALK_STEPS_MAX);
    stage->steps[stage->count++] = step;
    *table = field_get(PTE_PPN, step.pte) * PAGE_SIZE;
    stage->end = check_entry(step.pte, step.level);
    if (stage->end == WALK_DONE && !(step.pte & PTE_RIGHTS))
        return true;
    if (stage->end == WALK_DONE)
        stage->end = take_leaf(stage, step.pte, step.level);
    return false;
}

/* To the entry of `address` in a table of `count` entries. */
static void go_to_entry(struct walk_step *step, uint64_t table, uint64_t address, unsigned count)
{
    step->index = (unsigned)(address / GSTAGE_LEAF_SIZE(step->level) % count);
    step->entry = table + step->index * sizeof(uint64_t);
}

/* Our own tables, so an address in them may be read. The root has four times as many entries. */
void walk_gstage(const struct gstage *gstage, gpa_t gpa, struct walk_stage *stage)
{
    struct walk_step step = {.level = GSTAGE_LEVELS - 1};
    uint64_t table;

    *stage = (struct walk_stage){.from = gpa, .end = WALK_WIDTH};
    if (gpa >= BIT(GSTAGE_GPA_BITS))
        return;
    go_to_entry(&step, gstage->root, gpa, ENTRIES * 4);
    for (;;) {
        step.hpa = step.entry;
        step.pte = *(const uint64_t *)step.entry;
        if (!take_step(stage, step, &table) || step.level == 0)
            return;
        step.level--;
        go_to_entry(&step, table, gpa, ENTRIES);
    }
}

/* False where no memory of the guest is at the entry's address. */
static bool read_entry(const struct gstage *gstage, struct walk_step *step)
{
    struct gstage_leaf leaf;

    if (guest_mem_read(gstage, step->entry, &step->pte, sizeof(step->pte)) != 0)
        return false;
    step->hpa = gstage_walk(gstage, step->entry, &leaf) ? leaf.hpa : 0;
    return true;
}

static void walk_tables(const struct gstage *gstage, uint64_t satp, struct walk_stage *stage)
{
    uint64_t table = field_get(SATP_PPN, satp) * PAGE_SIZE;
    unsigned level = levels_of(satp);
    struct walk_step step;

    do {
        level--;
        step = (struct walk_step){.level = level};
        go_to_entry(&step, table, stage->from, ENTRIES);
        if (!read_entry(gstage, &step)) {
            stage->steps[stage->count++] = step;
            stage->end = WALK_NO_MEMORY;
            return;
        }
    } while (take_step(stage, step, &table) && level > 0);
}

/* Bits above those that the mode translates equal the highest of them. */
static bool is_within(uint64_t gva, unsigned levels)
{
    uint64_t high = ~(GSTAGE_LEAF_SIZE(levels) / 2 - 1);

    return (gva & high) == 0 || (gva & high) == high;
}

static void walk_vsstage(const struct gstage *gstage, uint64_t satp, struct walk_stage *stage)
{
    unsigned levels = levels_of(satp);

    if (field_get(SATP_MODE, satp) == SATP_MODE_BARE)
        stage->to = stage->from;
    else if (levels == 0)
        stage->end = WALK_NO_MODE;
    else if (!is_within(stage->from, levels))
        stage->end = WALK_WIDTH;
    else
        walk_tables(gstage, satp, stage);
}

void walk_guest(const struct gstage *gstage, uint64_t vsatp, uint64_t gva, struct walk *walk)
{
    struct walk_stage *vs = &walk->vs;

    *walk = (struct walk){.satp = vsatp, .hgatp = gstage_hgatp(gstage), .vs = {.from = gva}};
    walk_vsstage(gstage, vsatp, vs);
    if (vs->end == WALK_DONE)
        walk_gstage(gstage, vs->to, &walk->g);
    if (vs->end == WALK_NO_MEMORY)
        walk_gstage(gstage, vs->steps[vs->count - 1].entry, &walk->g);
}

const char *walk_end_text(enum walk_end end)
{
    static const char *const words[] = {
        [WALK_DONE] = "done",
        [WALK_NO_MODE] = "no such mode",
        [WALK_WIDTH] = "address too wide for the mode",
        [WALK_NO_MEMORY] = "table is not in memory",
        [WALK_INVALID] = "entry not valid",
        [WALK_RESERVED] = "reserved bits in the entry",
        [WALK_MISALIGNED] = "leaf not aligned to its size",
        [WALK_NO_LEAF] = "pointer instead of a leaf",
    };

    return words[end];
}

const char *walk_mode_text(uint64_t satp)
{
    static const char *const names[] = {"Bare", "Sv39", "Sv48", "Sv57"};
    unsigned levels = levels_of(satp);

    if (levels)
        return names[levels - 2];
    return field_get(SATP_MODE, satp) == SATP_MODE_BARE ? names[0] : "no mode";
}
