/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Return addresses of a guest that cannot go on. Everything it left may be nonsense: each address
 * is walked and read through mem/, and a chain that does not climb ends.
 */
#include "vm/backtrace.h"

#include "lib/bits.h"
#include "mem/guest_mem.h"
#include "mem/walk.h"

#define REG_RA 1
#define REG_SP 2
#define REG_FP 8

#define STACK_WORDS 512

/* JAL ra and JALR ra: Unpriv 2.5.1 (Unconditional Jumps); C.JALR: Unpriv, "C" Extension. */
#define JAL_MASK    0xfff
#define JAL_RA      0x0ef
#define JALR_MASK   0x7fff
#define JALR_RA     0x00e7
#define C_JALR_MASK 0xf07f
#define C_JALR      0x9002
#define C_JALR_RS1  BITS(11, 7)

/* The guest, as its memory is read. */
struct guest {
    const struct gstage *gstage;
    uint64_t vsatp;
};

/* Where a guest virtual address leads; false where it leads nowhere. */
static bool translate(const struct guest *guest, uint64_t gva, uint64_t right, gpa_t *gpa)
{
    struct walk walk;
    const struct walk_stage *vs = &walk.vs;

    walk_guest(guest->gstage, guest->vsatp, gva, &walk);
    *gpa = vs->to;
    return vs->end == WALK_DONE && (!vs->count || (vs->steps[vs->count - 1].pte & right));
}

/* `size` bytes that cross no page. */
static bool read(const struct guest *guest, uint64_t gva, uint64_t right, void *to, size_t size)
{
    gpa_t gpa;

    return is_aligned(gva, size) && translate(guest, gva, right, &gpa) &&
           guest_mem_read(guest->gstage, gpa, to, size) == 0;
}

/* The instruction before `pc` is a call, of 4 bytes or of 2. */
static bool is_behind_call(const struct guest *guest, uint64_t pc)
{
    uint16_t first = 0, second;
    uint32_t word;

    if (!read(guest, pc - 2, PTE_X, &second, sizeof(second)))
        return false;
    if ((second & C_JALR_MASK) == C_JALR && (second & C_JALR_RS1))
        return true;
    if (!read(guest, pc - 4, PTE_X, &first, sizeof(first)))
        return false;
    word = (uint32_t)second << 16 | first;
    return (word & JAL_MASK) == JAL_RA || (word & JALR_MASK) == JALR_RA;
}

static void add(struct backtrace *backtrace, uint64_t pc, enum backtrace_source source)
{
    if (backtrace->count == BACKTRACE_MAX)
        return;
    backtrace->frames[backtrace->count].pc = pc;
    backtrace->frames[backtrace->count++].source = source;
}

/* True where there was a frame. The stack grows downwards, so callers' frames stand higher. */
static bool follow_frames(const struct guest *guest, uint64_t fp, struct backtrace *backtrace)
{
    unsigned before = backtrace->count;
    uint64_t ra, next;

    while (backtrace->count < BACKTRACE_MAX && read(guest, fp - 8, PTE_R, &ra, sizeof(ra)) &&
           read(guest, fp - 16, PTE_R, &next, sizeof(next)) && is_behind_call(guest, ra)) {
        add(backtrace, ra, BACKTRACE_FRAME);
        if (next <= fp)
            break;
        fp = next;
    }
    return backtrace->count > before;
}

static void scan_stack(const struct guest *guest, uint64_t sp, struct backtrace *backtrace)
{
    uint64_t word;

    sp = align_up(sp, sizeof(word));
    for (unsigned i = 0; i < STACK_WORDS && backtrace->count < BACKTRACE_MAX; i++) {
        if (!read(guest, sp + i * sizeof(word), PTE_R, &word, sizeof(word)))
            return;
        if (word != 0 && is_behind_call(guest, word))
            add(backtrace, word, BACKTRACE_STACK);
    }
}

void backtrace_take(const struct gstage *gstage, uint64_t vsatp, const uint64_t *x, uint64_t pc,
                    struct backtrace *backtrace)
{
    const struct guest guest = {gstage, vsatp};

    backtrace->count = 0;
    add(backtrace, pc, BACKTRACE_PC);
    if (is_behind_call(&guest, x[REG_RA]))
        add(backtrace, x[REG_RA], BACKTRACE_RA);
    if (!follow_frames(&guest, x[REG_FP], backtrace))
        scan_stack(&guest, x[REG_SP], backtrace);
}

const char *backtrace_source_text(enum backtrace_source source)
{
    static const char *const names[] = {
        [BACKTRACE_PC] = "pc",
        [BACKTRACE_RA] = "ra",
        [BACKTRACE_FRAME] = "frame",
        [BACKTRACE_STACK] = "stack",
    };

    return names[source];
}
