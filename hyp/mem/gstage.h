/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * G-stage page tables, Sv39x4: guest physical to host physical addresses. Priv 21.5.1 (Guest
 * Physical Address Translation). A 16 KiB root with 2048 entries, then two levels of 512.
 *
 * Tables are written while no hart walks them (the VM is being built, or its vCPUs are held);
 * the caller fences afterwards (mem/fence.h) where a valid entry changed.
 */
#ifndef MEM_GSTAGE_H
#define MEM_GSTAGE_H

#include "mem/addr.h"

#include <stdbool.h>

#define GSTAGE_GPA_BITS   41
#define GSTAGE_ROOT_ORDER 2 /* 16 KiB */
#define GSTAGE_LEVELS     3

/* Bytes that one leaf of `level` maps: 4 KiB, 2 MiB, 1 GiB. */
#define GSTAGE_LEAF_SIZE(level) BIT(PAGE_SHIFT + 9 * (level))

/* Page-table entry, Priv 12.4.1 (Sv39), the same at both stages. */
#define PTE_N        BIT(63)
#define PTE_PBMT     BITS(62, 61)
#define PTE_PPN      BITS(53, 10)
#define PTE_SOFTWARE BIT(9) /* RSW: ours; reserved for copy-on-write and the dirty log */
#define PTE_WATCHED  BIT(8) /* RSW: ours; a debugger took rights away, from the guest alone */
#define PTE_D        BIT(7)
#define PTE_A        BIT(6)
#define PTE_G        BIT(5)
#define PTE_U        BIT(4)
#define PTE_X        BIT(3)
#define PTE_W        BIT(2)
#define PTE_R        BIT(1)
#define PTE_V        BIT(0)

struct gstage {
    hpa_t root;      /* 16 KiB aligned table of level 2 */
    uint32_t owner;  /* whose pages the tables are (mem/pages.h) */
    uint64_t tables; /* 4 KiB tables in use below the root */
};

/* What a walk found. */
struct gstage_leaf {
    hpa_t hpa;      /* of the address itself, not of the leaf's start */
    uint64_t pte;   /* 0 where nothing is mapped */
    unsigned level; /* 0: 4 KiB, 1: 2 MiB, 2: 1 GiB; where nothing is mapped: where it stopped */
};

/* An empty table. ERR_NO_MEMORY. */
int gstage_init(struct gstage *gstage, uint32_t owner);

/*
 * Maps [gpa, gpa + size) to [hpa, hpa + size) with the rights PTE_R, PTE_W, PTE_X in `rights`
 * (at least one; PTE_W only with PTE_R: Priv 12.3.1, Addressing and Memory Protection), with the
 * largest leaves that alignment allows. All three are multiples of PAGE_SIZE. A and D are set at
 * once and U always: Priv 21.5.1, "all memory accesses ... are considered to be user-level
 * accesses". ERR_RANGE beyond 41 bits of gpa or 56 of hpa, ERR_EXISTS where any of it is mapped
 * already (checked first: nothing is changed), ERR_NO_MEMORY (what was mapped by this call is
 * unmapped again).
 */
int gstage_map(struct gstage *gstage, gpa_t gpa, hpa_t hpa, uint64_t size, uint64_t rights);

/*
 * Unmaps [gpa, gpa + size); holes are fine; leaves that stick out are split first. Tables that
 * become empty are freed. ERR_RANGE, ERR_NO_MEMORY (a split needs a table; nothing was changed
 * at and after the leaf that could not be split).
 */
int gstage_unmap(struct gstage *gstage, gpa_t gpa, uint64_t size);

/*
 * Changes the rights of what is mapped in [gpa, gpa + size), splitting as gstage_unmap does; the
 * other bits of the leaves, PTE_SOFTWARE too, stay. `rights` as for gstage_map, and PTE_WATCHED,
 * which goes where it is not among them.
 */
int gstage_protect(struct gstage *gstage, gpa_t gpa, uint64_t size, uint64_t rights);

/* The translation of `gpa`, any 64-bit number. True where a leaf maps it. */
bool gstage_walk(const struct gstage *gstage, gpa_t gpa, struct gstage_leaf *leaf);

/* Frees the tables, not what they map. No hart uses them any more. */
void gstage_destroy(struct gstage *gstage);

/* The PPN and MODE fields of hgatp, VMID 0. Priv 21.2.10 (hgatp). */
uint64_t gstage_hgatp(const struct gstage *gstage);

#endif
