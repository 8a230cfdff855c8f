// SPDX-License-Identifier: BSD-2-Clause
/*
 * Page tables that lead nowhere, outside, or in a circle. What the walk cannot read is an access
 * fault of the access that was meant; what the tables forbid, a page fault. Priv 12.3.2 (Virtual
 * Address Translation Process), 21.6.3 on the guest-page faults of implicit accesses.
 */
#include "hostile/hostile.h"

/* The highest physical page number that an entry can hold. */
#define LAST_PPN field_get(PTE_PPN, PTE_PPN)

static uint64_t *root;

/* Sets the root's entry for VIRTUAL, and turns paging on. */
static void enter_with(uint64_t entry)
{
    root = table_new();
    *table_entry(root, TABLE_SV39, VIRTUAL, 2) = entry;
    paging_on(root);
}

void walk_hole(void)
{
    enter_with(pte_make((const void *)HOLE, PTE_V));
    expect_access_faults(VIRTUAL);
    expect_access_faults(VIRTUAL + 0x123000);
    paging_off();
}

void walk_ram_end(void)
{
    enter_with(pte_make((const void *)ram_end(), PTE_V));
    expect_access_faults(VIRTUAL);
    paging_off();
}

/* Tables far beyond what the G-stage can map: bits of the guest physical address that must be
 * zero. Priv 21.5.1 (Guest Physical Address Translation) */
void walk_far(void)
{
    for (unsigned bit = 29; bit < 44; bit++) {
        enter_with(field_set(PTE_PPN, PTE_V, BIT(bit)));
        expect_access_faults(VIRTUAL);
        paging_off();
    }
    enter_with(field_set(PTE_PPN, PTE_V, LAST_PPN));
    expect_access_faults(VIRTUAL);
    paging_off();
}

/* The same for what a leaf maps. */
void walk_far_leaf(void)
{
    for (unsigned bit = 29; bit < 44; bit++) {
        root = table_new();
        table_map(root, VIRTUAL, NULL, 0, PTE_ALL);
        *table_entry(root, TABLE_SV39, VIRTUAL, 0) = field_set(PTE_PPN, PTE_ALL, BIT(bit));
        paging_on(root);
        expect_access_faults(VIRTUAL);
        paging_off();
    }
}

/* Each entry of the way is the root's own: at the last level it is no leaf. */
void walk_self(void)
{
    uint64_t index = field_get(BITS(38, 30), VIRTUAL);

    root = table_new();
    *table_entry(root, TABLE_SV39, VIRTUAL, 2) = pte_make(root, PTE_V);
    paging_on(root);
    expect_page_faults(index << 30 | index << 21 | index << 12);
    paging_off();
}

/* A table that maps itself, writable, and is changed through that while it is in use. */
void walk_self_write(void)
{
    uint64_t *memory = page_new();

    root = table_new();
    table_map(root, VIRTUAL, root, 0, PTE_WRITE);
    *table_entry(root, TABLE_SV39, VIRTUAL + PAGE_SIZE, 0) = pte_make((void *)HOLE, PTE_ALL);
    paging_on(root);
    expect_access_faults(VIRTUAL + PAGE_SIZE);
    ((volatile uint64_t *)VIRTUAL)[2 + 2] = pte_make((void *)RAM_BASE, PTE_V);
    hart_sfence_vma();
    *table_entry(root, TABLE_SV39, VIRTUAL + PAGE_SIZE, 0) = pte_make(memory, PTE_WRITE);
    hart_sfence_vma();
    expect(!trap_try(access_sd, VIRTUAL + PAGE_SIZE, 7).taken && memory[0] == 7,
           "the changed page");
    paging_off();
}

/* A memory type that does not exist: QEMU takes it, where Svpbmt is there. */
void walk_type(void)
{
    struct trap_seen load;

    enter_with(pte_make((const void *)RAM_BASE, PTE_ALL) | BITS(62, 61));
    load = trap_try(access_ld, VIRTUAL, 0);
    expect(!load.taken || (trap_is(&load, CAUSE_LOAD_PAGE_FAULT) && load.tval == VIRTUAL),
           "type 3: cause %lu", load.cause);
    paging_off();
}

/* Bits that mean nothing yet, leaves that are no whole pages, and
 * rights that cannot be: Priv 12.3.2, steps 3 to 6. */
void walk_reserved(void)
{
    static const uint64_t bad[] = {BIT(54), BIT(55), BIT(56), BIT(57), BIT(58)};

    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
        enter_with(pte_make((const void *)RAM_BASE, PTE_ALL) | bad[i]);
        expect_page_faults(VIRTUAL);
        paging_off();
    }
    enter_with(pte_make((const void *)(RAM_BASE + PAGE_SIZE), PTE_ALL)); /* misaligned */
    expect_page_faults(VIRTUAL);
    paging_off();
    enter_with(pte_make((const void *)RAM_BASE, PTE_V | PTE_W | PTE_A | PTE_D));
    expect_page_faults(VIRTUAL);
    paging_off();
    enter_with(pte_make((const void *)RAM_BASE, PTE_V | PTE_D)); /* of a table entry */
    expect_page_faults(VIRTUAL);
    paging_off();
}

/* Addresses whose upper bits are not copies of the highest one. Priv 12.4.1 (Sv39) */
void walk_canonical(void)
{
    root = table_new();
    paging_on(root);
    for (unsigned bit = 39; bit < 64; bit++)
        expect_page_faults(RAM_BASE | BIT(bit));
    paging_off();
}

/* Without A and D the hart sets them, or it faults; never anything else. */
void walk_accessed(void)
{
    struct trap_seen load, store;

    root = table_new();
    table_map(root, VIRTUAL, page_new(), 0, PTE_V | PTE_R | PTE_W);
    paging_on(root);
    load = trap_try(access_ld, VIRTUAL, 0);
    store = trap_try(access_sd, VIRTUAL, 0);
    expect(!load.taken || (trap_is(&load, CAUSE_LOAD_PAGE_FAULT) && load.tval == VIRTUAL),
           "A is 0: cause %lu", load.cause);
    expect(!store.taken || (trap_is(&store, CAUSE_STORE_PAGE_FAULT) && store.tval == VIRTUAL),
           "D is 0: cause %lu", store.cause);
    paging_off();
    expect(load.taken || (*table_entry(root, TABLE_SV39, VIRTUAL, 0) & PTE_A), "A was not set");
}

/* Two harts, one ASID, a table each: on one hart of the machine too, neither finds what the other
 * mapped. An ASID means something on its own hart only: Priv 12.2.1 (SFENCE.VMA). */
static void keep_own_page(void)
{
    uint64_t *space = table_new(), mark = hart_self()->id + 1;
    volatile uint64_t *page = (volatile uint64_t *)VIRTUAL;

    table_map(space, VIRTUAL, page_new(), 0, PTE_WRITE | (mark & 1 ? PTE_G : 0));
    paging_on(space);
    *page = mark;
    for (uint64_t end = clock_now() + CLOCK_MS(40); clock_now() < end;)
        if (!expect(*page == mark, "hart %lu finds %lu", mark - 1, *page))
            break;
    paging_off();
}

void walk_asid(void)
{
    expect(harts_start_others() && harts_run(keep_own_page), "the other hart does not come back");
}

/* The page of an instruction that the hypervisor must read itself is gone when it does, or is
 * something else. Where both vCPUs share a hart, one turn of either may see nothing change. */
static uint64_t *fetch_root;
static volatile bool fetch_is_over;

static void change_code_page(void)
{
    uint64_t *entry = table_entry(fetch_root, TABLE_SV39, VIRTUAL, 0), code = *entry;
    const uint64_t words[] = {code,         0,
                              code,         pte_make((void *)HOLE, PTE_ALL),
                              code,         pte_make((void *)UART_BASE, PTE_ALL),
                              code & ~PTE_X};

    for (unsigned i = 0; !fetch_is_over; i++)
        __atomic_store_n(entry, words[i % ARRAY_SIZE(words)], __ATOMIC_RELAXED);
}

void walk_fetch_race(void)
{
    uint32_t *code = (uint32_t *)page_new();
    uint64_t end = clock_now() + CLOCK_MS(10000);
    unsigned ran = 0;

    code[0] = INSN_CSRR(0xc00); /* cycle: an exit, where no register tells the instruction */
    code[1] = 0x8067;           /* ret */
    fetch_root = table_new();
    table_map(fetch_root, VIRTUAL, code, 0, PTE_ALL);
    expect(harts_start_others(), "the other hart does not start");
    harts_post(1, change_code_page);
    paging_on(fetch_root);
    for (unsigned i = 0; i < 2000 || (ran == 0 && clock_now() < end); i++) {
        struct trap_seen seen = trap_try((trap_try_fn *)VIRTUAL, 0, 0);

        ran += !seen.taken;
        expect(!seen.taken || seen.cause == CAUSE_INSN_PAGE_FAULT ||
                   seen.cause == CAUSE_INSN_ACCESS_FAULT,
               "cause %lu, stval %lx", seen.cause, seen.tval);
        hart_sfence_vma();
    }
    paging_off();
    fetch_is_over = true;
    expect(harts_wait(1) && ran > 0, "it ran %u times", ran);
}

/* A page that can be run but not read: the hypervisor reads instructions with the right to run
 * them. Priv 21.3.1 (HLVX) */
void walk_execute_only(void)
{
    uint32_t *code = (uint32_t *)page_new();
    struct trap_seen seen;

    code[0] = INSN_CSRR(0xc00); /* cycle */
    code[1] = 0x8067;           /* ret */
    code[2] = 0x22000073;       /* hfence.vvma */
    root = table_new();
    table_map(root, VIRTUAL, code, 0, PTE_V | PTE_X | PTE_A | PTE_D);
    paging_on(root);
    seen = trap_try((trap_try_fn *)VIRTUAL, UINT64_MAX, 0);
    expect(!seen.taken && seen.value != UINT64_MAX, "cycle: cause %lu", seen.cause);
    seen = trap_try((trap_try_fn *)(VIRTUAL + 8), 0, 0);
    expect(trap_is(&seen, CAUSE_ILLEGAL_INSN) && seen.epc == VIRTUAL + 8, "hfence: cause %lu",
           seen.cause);
    seen = trap_try(access_ld, VIRTUAL, 0);
    expect_trap(&seen, CAUSE_LOAD_PAGE_FAULT, VIRTUAL, "a load of it");
    paging_off();
}
