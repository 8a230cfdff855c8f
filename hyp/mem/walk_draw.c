/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The drawing of a walk. Comes after walk.c, which found it all out; scripts/gdb/us_walk.py draws
 * the same from outside.
 */
#include "mem/walk_draw.h"

#include "lib/format.h"
#include "riscv/csr.h"

#define LINE_MAX 120

#define PAGE_FAULT       "page fault (12 fetch, 13 load, 15 store)"
#define GUEST_PAGE_FAULT "guest-page fault (20 fetch, 21 load, 23 store)"

struct drawing {
    const struct gstage *gstage;
    bool is_full;
    walk_put_t put;
    void *context;
};

static void draw(const struct drawing *drawing, int indent, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void draw(const struct drawing *drawing, int indent, const char *format, ...)
{
    char line[LINE_MAX];
    size_t length = format_text(line, sizeof(line), "%*s", indent, "");
    va_list args;

    va_start(args, format);
    format_text_v(line + length, sizeof(line) - length, format, args);
    va_end(args);
    drawing->put(drawing->context, line);
}

void walk_draw_flags(uint64_t pte, char text[WALK_FLAGS_MAX])
{
    static const char letters[] = "VRWXUGAD"; /* bits 0 to 7: Priv 12.4.1 (Sv39) */

    for (size_t bit = 0; bit < 8; bit++) {
        text[2 * bit] = (char)(pte & BIT(bit) ? letters[bit] : '-');
        text[2 * bit + 1] = bit < 7 ? ' ' : '\0';
    }
}

static void rights_text(uint64_t rights, char text[WALK_RIGHTS_MAX])
{
    bool has_any = rights & (PTE_R | PTE_W | PTE_X);

    format_text(text, WALK_RIGHTS_MAX, "%s%s%s%s", rights & PTE_R ? "R" : "",
                rights & PTE_W ? "W" : "", rights & PTE_X ? "X" : "", has_any ? "" : "none");
}

/* What the leaf of a stage gives; a stage without tables forbids nothing. */
static uint64_t leaf_of(const struct walk_stage *stage)
{
    return stage->count ? stage->steps[stage->count - 1].pte : PTE_R | PTE_W | PTE_X;
}

void walk_draw_rights(const struct walk *walk, char text[WALK_RIGHTS_MAX])
{
    rights_text(leaf_of(&walk->vs) & leaf_of(&walk->g), text);
}

const char *walk_draw_user(const struct walk *walk)
{
    if (walk->vs.count == 0)
        return "VS- and VU-mode";
    return leaf_of(&walk->vs) & PTE_U ? "VU-mode" : "VS-mode";
}

static const char *size_text(uint64_t size)
{
    static const char *const names[] = {"4 KiB", "2 MiB", "1 GiB", "512 GiB", "256 TiB"};

    for (unsigned level = 0; level < ARRAY_SIZE(names); level++) {
        if (size == GSTAGE_LEAF_SIZE(level))
            return names[level];
    }
    return "64 KiB";
}

static void draw_entry(const struct drawing *drawing, int indent, uint64_t pte)
{
    char flags[WALK_FLAGS_MAX];

    walk_draw_flags(pte, flags);
    draw(drawing, indent, "pte 0x%016lx  %s  ppn 0x%lx", pte, flags, field_get(PTE_PPN, pte));
}

/* How it ended: `kind` is the fault that an access would get. */
static void draw_end(const struct drawing *drawing, int indent, const struct walk_stage *stage,
                     const char *space, const char *kind)
{
    if (stage->end != WALK_DONE)
        draw(drawing, indent, "%s: %s", kind, walk_end_text(stage->end));
    else if (stage->size == 0)
        draw(drawing, indent, "%s 0x%lx, Bare, no table", space, stage->to);
    else
        draw(drawing, indent, "%s 0x%lx, %s leaf", space, stage->to, size_text(stage->size));
}

static void draw_gstage(const struct drawing *drawing, int indent, const struct walk_stage *stage)
{
    for (unsigned i = 0; i < stage->count; i++) {
        const struct walk_step *step = &stage->steps[i];

        draw(drawing, indent, "level %u, entry %u at hpa 0x%lx", step->level, step->index,
             step->entry);
        draw_entry(drawing, indent + 4, step->pte);
    }
    draw_end(drawing, indent, stage, "hpa", GUEST_PAGE_FAULT);
}

/* How the G-stage found an entry of the guest's tables. */
static void draw_place(const struct drawing *drawing, const struct walk_step *step)
{
    struct walk_stage stage;
    char rights[WALK_RIGHTS_MAX];

    walk_gstage(drawing->gstage, step->entry, &stage);
    if (drawing->is_full) {
        draw(drawing, 6, "G-stage: gpa 0x%lx", step->entry);
        draw_gstage(drawing, 8, &stage);
    } else if (stage.end != WALK_DONE) {
        draw(drawing, 6, "G-stage: %s: %s", GUEST_PAGE_FAULT, walk_end_text(stage.end));
    } else {
        rights_text(leaf_of(&stage), rights);
        draw(drawing, 6, "G-stage: hpa 0x%lx (%s leaf, %s)", stage.to, size_text(stage.size),
             rights);
    }
}

static void draw_vsstage(const struct drawing *drawing, const struct walk *walk)
{
    const struct walk_stage *stage = &walk->vs;

    draw(drawing, 0, "VS-stage: %s, ASID %lu, gva 0x%lx", walk_mode_text(walk->satp),
         field_get(SATP_ASID, walk->satp), stage->from);
    for (unsigned i = 0; i < stage->count; i++) {
        const struct walk_step *step = &stage->steps[i];

        draw(drawing, 2, "level %u, entry %u at gpa 0x%lx", step->level, step->index, step->entry);
        draw_place(drawing, step);
        if (step->hpa)
            draw_entry(drawing, 6, step->pte);
    }
    draw_end(drawing, 2, stage, "gpa",
             stage->end == WALK_NO_MEMORY ? GUEST_PAGE_FAULT : PAGE_FAULT);
}

/* Hardware may set A and D where henvcfg.ADUE lets it. Priv 12.3.2, step 9. */
static void draw_notes(const struct drawing *drawing, const struct walk_stage *stage,
                       const char *name)
{
    uint64_t leaf = leaf_of(stage);

    if (stage->count == 0)
        return;
    if (!(leaf & PTE_A))
        draw(drawing, 0, "%s: A is clear, any access faults or sets it", name);
    else if ((leaf & PTE_W) && !(leaf & PTE_D))
        draw(drawing, 0, "%s: D is clear, a store faults or sets it", name);
}

void walk_draw(const struct walk *walk, const struct gstage *gstage, bool is_full, walk_put_t put,
               void *context)
{
    const struct drawing drawing = {gstage, is_full, put, context};
    char rights[WALK_RIGHTS_MAX];

    draw_vsstage(&drawing, walk);
    if (walk->vs.end != WALK_DONE)
        return;
    draw(&drawing, 0, "G-stage: Sv39x4, VMID %lu, gpa 0x%lx", field_get(HGATP_VMID, walk->hgatp),
         walk->g.from);
    draw_gstage(&drawing, 2, &walk->g);
    if (walk->g.end != WALK_DONE)
        return;
    walk_draw_rights(walk, rights);
    draw(&drawing, 0, "gva 0x%lx -> gpa 0x%lx -> hpa 0x%lx, rights %s (%s)", walk->vs.from,
         walk->vs.to, walk->g.to, rights, walk_draw_user(walk));
    draw_notes(&drawing, &walk->vs, "VS-stage");
    draw_notes(&drawing, &walk->g, "G-stage");
}
