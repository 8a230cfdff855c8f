// SPDX-License-Identifier: BSD-2-Clause
/*
 * Trying things: one instruction in the kernel or in user mode, loads, stores and jumps at an
 * address. Instructions are written into a page and run there.
 */
#include "hostile/hostile.h"

#define INSN_RET   0x8067
#define INSN_ECALL 0x73
#define USER_ASID  1

static uint16_t kernel_code[HARTS_MAX][8] __attribute__((aligned(16)));
static uint64_t *user_root;
static uint16_t *user_page;
static struct trap_frame user_frame;

static unsigned length_of(uint32_t word)
{
    return (word & 3) == 3 ? 4 : 2;
}

/* `word`, and `then` behind it. */
static void put_code(uint16_t *place, uint32_t word, uint32_t then)
{
    *place++ = (uint16_t)word;
    if (length_of(word) == 4)
        *place++ = (uint16_t)(word >> 16);
    *place++ = (uint16_t)then;
    *place = (uint16_t)(then >> 16);
    hart_fence_i();
}

struct trap_seen insn_run(uint32_t word, uint64_t a0, uint64_t a1)
{
    uint16_t *code = kernel_code[hart_self()->id];

    put_code(code, word, INSN_RET);
    return trap_try((trap_try_fn *)(uint64_t)code, a0, a1);
}

static bool is_illegal(uint64_t cause, uint64_t tval, uint32_t word)
{
    return cause == CAUSE_ILLEGAL_INSN && (tval == word || tval == 0);
}

void insn_expect_illegal(uint32_t word)
{
    struct trap_seen seen = insn_run(word, 0, 0);

    expect(seen.taken && is_illegal(seen.cause, seen.tval, word) &&
               seen.epc == (uint64_t)kernel_code[hart_self()->id],
           "%08x is not illegal: trap %d, cause %lu, stval %lx, sepc %lx", word, seen.taken,
           seen.cause, seen.tval, seen.epc);
}

bool insn_is_harmless(uint32_t word, uint64_t a0)
{
    struct trap_seen seen = insn_run(word, a0, 0);

    return expect(!seen.taken || is_illegal(seen.cause, seen.tval, word),
                  "%08x: cause %lu, stval %lx", word, seen.cause, seen.tval);
}

static void user_begin_space(void)
{
    if (user_root)
        return;
    user_root = table_new();
    user_page = (uint16_t *)page_new();
    table_map(user_root, USER_CODE, user_page, 0, PTE_V | PTE_X | PTE_R | PTE_A | PTE_D | PTE_U);
}

void user_map(uint64_t va, const void *page, uint64_t flags)
{
    user_begin_space();
    table_map(user_root, va, page, 0, flags);
}

const struct trap_frame *user_run(uint32_t word, uint64_t a0, uint64_t a1)
{
    user_begin_space();
    put_code(user_page, word, INSN_ECALL);
    paging_on(user_root);
    trap_user_init(&user_frame, USER_CODE, 0);
    user_frame.x[REG_A0] = a0;
    user_frame.x[REG_A1] = a1;
    trap_user_run(&user_frame);
    paging_off();
    return &user_frame;
}

bool user_ran(const struct trap_frame *frame)
{
    return frame->scause == CAUSE_ECALL_U && frame->sepc > USER_CODE;
}

void user_expect_illegal(uint32_t word)
{
    const struct trap_frame *frame = user_run(word, 0, 0);

    expect(is_illegal(frame->scause, frame->stval, word) && frame->sepc == USER_CODE &&
               !(frame->sstatus & SSTATUS_SPP),
           "%08x is not illegal in user mode: cause %lu, stval %lx, sepc %lx, sstatus %lx", word,
           frame->scause, frame->stval, frame->sepc, frame->sstatus);
}

static void expect_faults(uint64_t address, uint64_t load, uint64_t store, uint64_t fetch)
{
    struct trap_seen loaded = trap_try(access_lb, address, 0);
    struct trap_seen stored = trap_try(access_sb, address, 0);
    struct trap_seen fetched = trap_try(access_jump, address, 0);

    expect_trap(&loaded, load, address, "load");
    expect_trap(&stored, store, address, "store");
    expect_trap(&fetched, fetch, address, "fetch");
    expect(fetched.epc == address, "fetch at %lx: sepc %lx", address, fetched.epc);
}

void expect_access_faults(uint64_t address)
{
    expect_faults(address, CAUSE_LOAD_ACCESS_FAULT, CAUSE_STORE_ACCESS_FAULT,
                  CAUSE_INSN_ACCESS_FAULT);
}

void expect_page_faults(uint64_t address)
{
    expect_faults(address, CAUSE_LOAD_PAGE_FAULT, CAUSE_STORE_PAGE_FAULT, CAUSE_INSN_PAGE_FAULT);
}

uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13; /* xorshift64, Marsaglia 2003 */
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

void paging_on(const uint64_t *root)
{
    csr_write(satp, table_satp(root, SATP_MODE_SV39, USER_ASID));
    hart_sfence_vma();
}

void paging_off(void)
{
    csr_write(satp, 0);
    hart_sfence_vma();
}
