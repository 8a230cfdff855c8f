/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: the software walk of a guest's tables, which crash reports and people ask for; its
 * drawing; and the backtrace, which reads through it. An input is a few pages of entries in guest
 * memory, addresses to walk, and registers. Claimed: it ends, within the levels of the mode; each
 * step is an entry that stands where the last one led; and what it calls done is what the entries
 * say, read back another way. A backtrace has no more frames than fit, and a drawing lines that
 * end.
 */
#include "fuzz/vm.h"
#include "mem/walk_draw.h"

#define TABLES     6
#define TABLES_GPA (BOARD_RAM_BASE + 0x100000)
#define PTE_FLAGS  0x3ff

static uint64_t tables[TABLES][512];

static unsigned levels_of(uint64_t satp)
{
    uint64_t mode = satp >> 60;

    return mode >= 8 && mode <= 10 ? (unsigned)mode - 5 : 0;
}

/* A table of ours most of the time; the last one is the last page of RAM. */
static uint64_t take_page(struct fuzz *fuzz)
{
    uint64_t choice = fuzz_take(fuzz, 1);

    if (choice < 200)
        return TABLES_GPA / PAGE_SIZE + choice % TABLES;
    if (choice < 220)
        return VM_END / PAGE_SIZE - 1 + choice % 3;
    return choice < 240 ? BOARD_UART_BASE / PAGE_SIZE : fuzz_take(fuzz, 6) & BITS(43, 0);
}

/* Pointers, leaves and nonsense, where few different indices lead. */
static void take_entries(struct fuzz *fuzz)
{
    memset(tables, 0, sizeof(tables));
    for (unsigned count = fuzz_take_below(fuzz, 32); count > 0; count--) {
        unsigned table = fuzz_take_below(fuzz, TABLES), index = fuzz_take_below(fuzz, 4) * 170;
        uint64_t flags = fuzz_take_below(fuzz, 4) ? 0x1 | (fuzz_take(fuzz, 1) & 0xce) : PTE_V;

        tables[table][index] = take_page(fuzz) << 10 | flags;
        if (fuzz_take_below(fuzz, 8) == 0)
            tables[table][index] ^= fuzz_take(fuzz, 8);
    }
    fuzz_claim(guest_mem_write(&vm->gstage, TABLES_GPA, tables, sizeof(tables)) == 0);
}

static uint64_t take_address(struct fuzz *fuzz)
{
    uint64_t gva = fuzz_take(fuzz, 2) % PAGE_SIZE;

    for (unsigned level = 0; level < 5; level++)
        gva |= fuzz_take_below(fuzz, 4) * 170 << (12 + 9 * level);
    return fuzz_take_below(fuzz, 8) ? gva : fuzz_take(fuzz, 8);
}

/* Each step's entry follows from the one before: Priv 12.3.2, steps 2 to 4. */
static void check_steps(const struct walk *walk, unsigned levels)
{
    uint64_t table = (walk->satp & BITS(43, 0)) << 12, pte;

    fuzz_claim(walk->vs.count >= 1 && walk->vs.count <= levels);
    for (unsigned i = 0; i < walk->vs.count; i++) {
        const struct walk_step *step = &walk->vs.steps[i];
        bool is_last = i + 1 == walk->vs.count;

        fuzz_claim(step->level == levels - 1 - i);
        fuzz_claim(step->entry == table + (walk->vs.from >> (12 + 9 * step->level) & 511) * 8);
        if (guest_mem_read(&vm->gstage, step->entry, &pte, 8) != 0) {
            fuzz_claim(is_last && walk->vs.end == WALK_NO_MEMORY && walk->g.end != WALK_DONE);
            return;
        }
        fuzz_claim(pte == step->pte);
        fuzz_claim(is_last || (pte & 0xf) == PTE_V);
        table = (pte >> 10 & BITS(43, 0)) << 12;
    }
}

/* A leaf covers the address, and leads where its page number says; nothing reserved is in it. */
static void check_leaf(const struct walk_stage *stage)
{
    const struct walk_step *last = &stage->steps[stage->count - 1];
    uint64_t size = 1UL << (12 + 9 * last->level), base = (last->pte >> 10 & BITS(43, 0)) << 12;

    fuzz_claim((last->pte & PTE_V) && (last->pte & 0xa) && (last->pte & 0x6) != 0x4);
    if (last->pte >> 63) {
        fuzz_claim(last->level == 0 && (base & 0xf000) == 0x8000);
        base -= 0x8000;
        size = 0x10000;
    }
    fuzz_claim(stage->size == size && base % size == 0);
    fuzz_claim(stage->to == base + (stage->from & (size - 1)));
}

static void check_walk(const struct walk *walk)
{
    unsigned levels = levels_of(walk->satp);

    fuzz_claim(walk->vs.end <= WALK_NO_LEAF && walk->g.end <= WALK_NO_LEAF);
    fuzz_claim(strlen(walk_end_text(walk->vs.end)) > 0 && strlen(walk_mode_text(walk->satp)) > 0);
    if (walk->satp >> 60 == 0)
        fuzz_claim(walk->vs.end == WALK_DONE && walk->vs.to == walk->vs.from);
    else if (!levels)
        fuzz_claim(walk->vs.end == WALK_NO_MODE && walk->vs.count == 0);
    else if (walk->vs.end != WALK_WIDTH)
        check_steps(walk, levels);
    if (levels && walk->vs.end == WALK_DONE)
        check_leaf(&walk->vs);
    if (walk->vs.end == WALK_DONE)
        fuzz_claim((walk->g.end == WALK_DONE) ==
                   (guest_mem_check(&vm->gstage, walk->vs.to, 1, PTE_R) == 0));
}

static void count_line(void *context, const char *line)
{
    unsigned *lines = context;

    fuzz_claim(strlen(line) > 0 && strlen(line) < 120);
    (*lines)++;
}

/* Each step has three lines, or with the G-stage's steps at most ten. */
static void check_drawing(const struct walk *walk, bool is_full)
{
    unsigned lines = 0;

    walk_draw(walk, &vm->gstage, is_full, count_line, &lines);
    fuzz_claim(lines >= 2 && lines <= 12 + walk->vs.count * (is_full ? 10 : 3));
}

static void check_backtrace(struct fuzz *fuzz, uint64_t satp)
{
    uint64_t x[32] = {0};
    struct backtrace backtrace;

    x[1] = take_address(fuzz);
    x[2] = take_address(fuzz);
    x[8] = take_address(fuzz);
    backtrace_take(&vm->gstage, satp, x, take_address(fuzz), &backtrace);
    fuzz_claim(backtrace.count >= 1 && backtrace.count <= BACKTRACE_MAX);
    for (unsigned i = 0; i < backtrace.count; i++)
        fuzz_claim(strlen(backtrace_source_text(backtrace.frames[i].source)) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t modes[] = {8, 8, 9, 10, 0, 3};
    struct fuzz fuzz = {data, size};

    vm_start_over();
    take_entries(&fuzz);
    do {
        uint64_t mode = modes[fuzz_take_below(&fuzz, sizeof(modes))];
        struct walk walk;

        walk_guest(&vm->gstage, mode << 60 | take_page(&fuzz), take_address(&fuzz), &walk);
        check_walk(&walk);
        check_drawing(&walk, fuzz_take_below(&fuzz, 2));
        check_backtrace(&fuzz, walk.satp);
    } while (fuzz.left > 0);
    return 0;
}
