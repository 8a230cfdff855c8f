/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A walk in lines of text, for the monitor and the crash report: each table entry with its place,
 * its bits and how the G-stage found it; then what comes of both stages together.
 */
#ifndef MEM_WALK_DRAW_H
#define MEM_WALK_DRAW_H

#include "mem/walk.h"

/* One line, without its end. */
typedef void (*walk_put_t)(void *context, const char *line);

/* Draws a walk through `gstage`. With `is_full` the G-stage's walk to each entry of the guest's
 * tables is drawn too, else one line says where it led. */
void walk_draw(const struct walk *walk, const struct gstage *gstage, bool is_full, walk_put_t put,
               void *context);

#define WALK_FLAGS_MAX 16

/* Bits 0 to 7 of an entry, each with its letter or a dash: "V R W X U - A D". */
void walk_draw_flags(uint64_t pte, char text[WALK_FLAGS_MAX]);

#define WALK_RIGHTS_MAX 5

/* The rights that both stages give together: "RX", "none"; and who has them: "VS-mode", "VU-mode"
 * or both where the VS-stage has no tables. The walk is done. */
void walk_draw_rights(const struct walk *walk, char text[WALK_RIGHTS_MAX]);
const char *walk_draw_user(const struct walk *walk);

#endif
