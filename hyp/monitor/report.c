/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of vm/crash.h and mem/walk.h with names.
 */
#include "monitor/report.h"

#include "lib/bits.h"

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

static void put_steps(struct answer *answer, const char *name, const struct walk_stage *stage)
{
    answer_table_begin(answer, name);
    for (unsigned i = 0; i < stage->count; i++) {
        answer_row_begin(answer);
        answer_number(answer, "level", stage->steps[i].level);
        answer_hex(answer, "entry_at", stage->steps[i].entry);
        answer_hex(answer, "entry", stage->steps[i].pte);
        answer_row_end(answer);
    }
    answer_table_end(answer);
}

/* Where a stage did not come to its end there is no address, but the reason. */
void report_walk(struct answer *answer, const struct walk *walk)
{
    answer_hex(answer, "gva", walk->vs.from);
    answer_text(answer, "vs_mode", 0, walk_mode_text(walk->satp));
    put_steps(answer, "vs_stage", &walk->vs);
    answer_text(answer, "vs_end", 0, walk_end_text(walk->vs.end));
    answer_hex(answer, "gpa", walk->g.from);
    put_steps(answer, "g_stage", &walk->g);
    answer_text(answer, "g_end", 0, walk_end_text(walk->g.end));
    answer_hex(answer, "hpa", walk->g.to);
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

void report_crash(struct answer *answer, const struct vm_crash *crash)
{
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
    report_registers(answer, crash->x);
    report_walk(answer, &crash->walk);
    put_exits(answer, crash);
}
