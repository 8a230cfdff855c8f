// SPDX-License-Identifier: BSD-2-Clause
/*
 * A plugin for QEMU that counts the instructions a machine executes, of whatever privilege, and
 * writes a line with the counts where a program asks for it:
 *
 *     NAME GUEST HYPERVISOR FIRMWARE
 *
 * A program asks with the instruction `slti x0, x0, N`: a HINT without effect, in a place of the
 * encoding that is left to custom use (Unpriv 2.9, "HINT Instructions"), which QEMU and hardware
 * pass over in every mode. NAME is then N. Two more lines mark the first instruction of a program
 * loaded at ENTRY, told by its bytes, as both the hypervisor and the guest's kernel begin there.
 * Arguments: out=FILE, hyp=SIZE (of the hypervisor in memory; 0: there is none), and for each such
 * program first=NAME:WORD (the four bytes at its start, as a little-endian number).
 *
 * An instruction is counted when it begins; one that traps is counted again when it is repeated.
 * Whose it is, its physical address tells. Read by scripts/bench_lib/count.py.
 */
#include "qemu_plugin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RAM_BASE    0x80000000UL /* of QEMU's virt board: where the firmware begins */
#define FIRM_TEXT   0x40000UL    /* OpenSBI's text is below; its data begin there */
#define ENTRY       0x80200000UL
#define MARK_MASK   0x000fffffU
#define MARK_INSN   0x00002013U /* slti x0, x0, N */
#define MARK_SHIFT  20
#define FIRSTS_MOST 2

enum owner { GUEST, HYPERVISOR, FIRMWARE, OWNERS };

struct first {
    char name[16];
    uint32_t word;
    bool seen;
};

int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static FILE *out;
static struct qemu_plugin_scoreboard *board;
static const char *ram; /* the machine's, in QEMU's memory */
static uint64_t hyp_size;
static struct first firsts[FIRSTS_MOST];
static unsigned firsts_count;

static qemu_plugin_u64 counter(enum owner owner)
{
    return (qemu_plugin_u64){board, owner * sizeof(uint64_t)};
}

static void line_write(const char *name)
{
    fprintf(out, "%s %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", name,
            qemu_plugin_u64_sum(counter(GUEST)), qemu_plugin_u64_sum(counter(HYPERVISOR)),
            qemu_plugin_u64_sum(counter(FIRMWARE)));
    fflush(out);
}

static void mark_execute(unsigned vcpu_index, void *number)
{
    char name[16];

    (void)vcpu_index;
    snprintf(name, sizeof(name), "%u", (unsigned)(uintptr_t)number);
    line_write(name);
}

static void first_execute(unsigned vcpu_index, void *what)
{
    struct first *first = what;

    (void)vcpu_index;
    if (!first->seen)
        line_write(first->name);
    first->seen = true;
}

/* Whoever lies there. The firmware's are its reset code and what stands below ENTRY. */
static enum owner owner_of(const struct qemu_plugin_insn *insn)
{
    const char *at = qemu_plugin_insn_haddr(insn);
    uint64_t offset;

    if (qemu_plugin_insn_vaddr(insn) == RAM_BASE && !ram)
        ram = at;
    if (!ram)
        return FIRMWARE;
    offset = (uint64_t)(at - ram);
    if (offset < FIRM_TEXT)
        return FIRMWARE;
    return offset >= ENTRY - RAM_BASE && offset - (ENTRY - RAM_BASE) < hyp_size ? HYPERVISOR
                                                                                : GUEST;
}

/* Bytes of the instruction, as a number; the upper half is 0 where it is a compressed one. */
static uint32_t word_of(const struct qemu_plugin_insn *insn)
{
    uint32_t word = 0;

    qemu_plugin_insn_data(insn, &word, sizeof(word));
    return word;
}

static bool first_is(const struct first *first, uint32_t word)
{
    uint32_t mask = (word & 3) == 3 ? UINT32_MAX : UINT16_MAX;

    return ((first->word ^ word) & mask) == 0;
}

static void insn_translate(struct qemu_plugin_insn *insn)
{
    uint32_t word = word_of(insn);

    if ((word & MARK_MASK) == MARK_INSN)
        qemu_plugin_register_vcpu_insn_exec_cb(insn, mark_execute, QEMU_PLUGIN_CB_NO_REGS,
                                               (void *)(uintptr_t)(word >> MARK_SHIFT));
    if (qemu_plugin_insn_vaddr(insn) == ENTRY)
        for (unsigned i = 0; i < firsts_count; i++)
            if (!firsts[i].seen && first_is(&firsts[i], word))
                qemu_plugin_register_vcpu_insn_exec_cb(insn, first_execute, QEMU_PLUGIN_CB_NO_REGS,
                                                       &firsts[i]);
    qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, QEMU_PLUGIN_INLINE_ADD_U64,
                                                        counter(owner_of(insn)), 1);
}

static void block_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++)
        insn_translate(qemu_plugin_tb_get_insn(tb, i));
}

/* One argument; false if it is not understood. */
static bool argument_take(const char *text)
{
    struct first *first = &firsts[firsts_count];

    if (strncmp(text, "out=", 4) == 0)
        return (out = fopen(text + 4, "w"));
    if (sscanf(text, "hyp=%" SCNu64, &hyp_size) == 1)
        return true;
    if (firsts_count == FIRSTS_MOST ||
        sscanf(text, "first=%15[a-z]:%" SCNx32, first->name, &first->word) != 2)
        return false;
    firsts_count++;
    return true;
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (!argument_take(argv[i])) {
            fprintf(stderr, "count: what is %s?\n", argv[i]);
            return -1;
        }
    if (!out || !info->system_emulation) {
        fprintf(stderr, "count: out=FILE is missing, or this is no machine\n");
        return -1;
    }
    board = qemu_plugin_scoreboard_new(OWNERS * sizeof(uint64_t));
    qemu_plugin_register_vcpu_tb_trans_cb(id, block_translate);
    return 0;
}
