/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of vm/crash.h and mem/walk.h with names.
 */
#include "monitor/report.h"

#include "lib/bits.h"
#include "mem/walk_draw.h"
#include "monitor/words.h"
#include "vm/crash.h"

static const char *const register_names[32] = {
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

void report_registers(struct answer *answer, const uint64_t *x)
{
    answer_group_begin(answer, "registers");
    for (unsigned i = 1; i < ARRAY_SIZE(register_names); i++)
        answer_hex(answer, register_names[i], x[i]);
    answer_group_end(answer);
}

static void put_step(struct answer *answer, const struct walk_step *step)
{
    char flags[WALK_FLAGS_MAX];

    walk_draw_flags(step->pte, flags);
    answer_number(answer, "level", step->level);
    answer_number(answer, "index", step->index);
    answer_hex(answer, "entry_at", step->entry);
    answer_hex(answer, "entry", step->pte);
    answer_text(answer, "bits", 0, flags);
}

static void put_steps(struct answer *answer, const char *name, const struct walk_stage *stage)
{
    answer_table_begin(answer, name);
    for (unsigned i = 0; i < stage->count; i++) {
        answer_row_begin(answer);
        put_step(answer, &stage->steps[i]);
        answer_hex(answer, "hpa", stage->steps[i].hpa);
        answer_row_end(answer);
    }
    answer_table_end(answer);
}

/* The G-stage's walk to each entry of the guest's tables: rows that name the entry's level. */
static void put_table_walks(struct answer *answer, const struct walk *walk,
                            const struct gstage *gstage)
{
    struct walk_stage stage;

    answer_table_begin(answer, "table_walks");
    for (unsigned i = 0; i < walk->vs.count; i++) {
        walk_gstage(gstage, walk->vs.steps[i].entry, &stage);
        for (unsigned n = 0; n < stage.count; n++) {
            answer_row_begin(answer);
            answer_number(answer, "of_level", walk->vs.steps[i].level);
            put_step(answer, &stage.steps[n]);
            answer_row_end(answer);
        }
    }
    answer_table_end(answer);
}

/* Where a stage did not come to its end there is no address, but the reason. */
static void put_walk(struct answer *answer, const struct walk *walk, const struct gstage *gstage)
{
    bool is_done = walk->vs.end == WALK_DONE && walk->g.end == WALK_DONE;
    char rights[WALK_RIGHTS_MAX] = "none";

    if (is_done)
        walk_draw_rights(walk, rights);
    answer_hex(answer, "gva", walk->vs.from);
    answer_text(answer, "vs_mode", 0, walk_mode_text(walk->satp));
    put_steps(answer, "vs_stage", &walk->vs);
    answer_text(answer, "vs_end", 0, walk_end_text(walk->vs.end));
    answer_number(answer, "vs_size", walk->vs.size);
    put_table_walks(answer, walk, gstage);
    answer_hex(answer, "gpa", walk->g.from);
    put_steps(answer, "g_stage", &walk->g);
    answer_text(answer, "g_end", 0, walk_end_text(walk->g.end));
    answer_number(answer, "g_size", walk->g.size);
    answer_hex(answer, "hpa", walk->g.to);
    answer_text(answer, "rights", 0, rights);
    answer_text(answer, "whose", 0, is_done ? walk_draw_user(walk) : "nobody");
}

static void put_line(void *context, const char *line)
{
    answer_line(context, line);
}

void report_walk(struct answer *answer, const struct walk *walk, const struct gstage *gstage,
                 bool is_full)
{
    if (answer->form == ANSWER_JSON)
        put_walk(answer, walk, gstage);
    else
        walk_draw(walk, gstage, is_full, put_line, answer);
}

static void put_exits(struct answer *answer, const struct vm_crash *crash)
{
    answer_table_begin(answer, "last_exits");
    for (unsigned i = 0; i < crash->exit_count; i++) {
        const struct trap *trap = &crash->exits[i];

        answer_row_begin(answer);
        answer_number(answer, "back", i);
        answer_hex(answer, "pc", trap->pc);
        answer_hex(answer, "scause", trap->scause);
        answer_hex(answer, "stval", trap->stval);
        answer_hex(answer, "gpa", trap_gpa(trap));
        answer_text(answer, "cause", 0, cause_name(trap->scause));
        answer_row_end(answer);
    }
    answer_table_end(answer);
}

static void put_backtrace(struct answer *answer, const struct backtrace *backtrace)
{
    answer_table_begin(answer, "backtrace");
    for (unsigned i = 0; i < backtrace->count; i++) {
        answer_row_begin(answer);
        answer_number(answer, "frame", i);
        answer_hex(answer, "pc", backtrace->frames[i].pc);
        answer_text(answer, "found_by", 0, backtrace_source_text(backtrace->frames[i].source));
        answer_row_end(answer);
    }
    answer_table_end(answer);
}

static void put_sentence(void *context, const char *name, const char *words)
{
    words_line(context, name, words);
}

static void put_explanation(struct answer *answer, const struct vm *vm)
{
    const struct explain_listener listener = {.line = put_sentence, .context = answer};

    answer_group_begin(answer, "explanation");
    crash_explain(vm, &listener);
    answer_group_end(answer);
}

void report_crash(struct answer *answer, const struct vm *vm)
{
    const struct vm_crash *crash = &vm->crash;

    if (!crash->trap.insn_len)
        return;
    answer_group_begin(answer, "crash");
    answer_number(answer, "vcpu", crash->vcpu);
    answer_text(answer, "mode", 0, crash->was_user ? "VU" : "VS");
    answer_hex(answer, "pc", crash->pc);
    answer_hex(answer, "scause", crash->trap.scause);
    answer_text(answer, "cause", 0, cause_name(crash->trap.scause));
    answer_hex(answer, "stval", crash->trap.stval);
    answer_hex(answer, "fault_gpa", trap_gpa(&crash->trap));
    answer_hex(answer, "vstvec", crash->vstvec);
    answer_hex(answer, "vscause", crash->vscause);
    answer_hex(answer, "vsepc", crash->vsepc);
    answer_hex(answer, "vstval", crash->vstval);
    answer_group_end(answer);
    put_explanation(answer, vm);
    put_backtrace(answer, &crash->backtrace);
    report_registers(answer, crash->x);
    report_walk(answer, &crash->walk, &vm->gstage, false);
    put_exits(answer, crash);
}
