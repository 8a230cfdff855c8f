/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's translation, walked in software, with every step: the VS-stage through the guest's own
 * tables, then the G-stage. For people who ask why an access failed. Rights, A and D are shown,
 * not judged: that depends on who accesses and how.
 */
#ifndef MEM_WALK_H
#define MEM_WALK_H

#include "mem/gstage.h"

#define WALK_STEPS_MAX 5 /* levels of Sv57 */

/* How a stage ended. */
enum walk_end {
    WALK_DONE,       /* a leaf, or no translation */
    WALK_NO_MODE,    /* satp.MODE is none that there is */
    WALK_WIDTH,      /* the address has bits that the mode does not translate */
    WALK_NO_MEMORY,  /* the table lies where the G-stage maps nothing */
    WALK_INVALID,    /* the entry is not valid */
    WALK_RESERVED,   /* the entry has a reserved bit or right */
    WALK_MISALIGNED, /* the leaf is not aligned to its size */
    WALK_NO_LEAF,    /* a pointer where only a leaf can be */
};

struct walk_step {
    uint64_t entry; /* its address: gpa in the VS-stage, hpa in the G-stage */
    hpa_t hpa;      /* the same place, as the G-stage has it; 0 where it has none */
    uint64_t pte;
    unsigned level; /* 0: its leaves are of 4 KiB */
    unsigned index; /* of the entry in its table */
};

struct walk_stage {
    uint64_t from; /* gva, gpa */
    uint64_t to;   /* gpa, hpa, where it is done */
    uint64_t size; /* of the leaf; 0 without translation */
    enum walk_end end;
    unsigned count; /* of the steps; the last one is where it ended */
    struct walk_step steps[WALK_STEPS_MAX];
};

/* Both stages. The second is of what the first led to; where that ended for WALK_NO_MEMORY, of
 * the table entry that it did not find. Where it ended otherwise, it has no steps, and its `from`
 * and `to` are 0. */
struct walk {
    uint64_t satp;  /* the mode and root of the VS-stage */
    uint64_t hgatp; /* of the G-stage; its VMID is for whoever knows it to add */
    struct walk_stage vs;
    struct walk_stage g;
};

/* A guest virtual address by the tables of `vsatp`. The guest may change them meanwhile. */
void walk_guest(const struct gstage *gstage, uint64_t vsatp, uint64_t gva, struct walk *walk);

/* A guest physical address alone. */
void walk_gstage(const struct gstage *gstage, gpa_t gpa, struct walk_stage *stage);

/* A few words for how a stage ended, never NULL; and for a mode of satp: "Sv39". */
const char *walk_end_text(enum walk_end end);
const char *walk_mode_text(uint64_t satp);

#endif
