// SPDX-License-Identifier: BSD-2-Clause
/*
 * Accesses to devices that no device takes: atomics, floating point, vectors, across borders,
 * fetches, page tables. Each is the access fault that such a place gives.
 */
#include "hostile/hostile.h"

trap_try_fn insn_vector_load, insn_vector_store, insn_sc;

static const uint64_t places[] = {UART_BASE, PLIC_ENABLE, TEST_BASE, RTC_BASE};

static void expect_fault(const struct trap_seen *seen, uint64_t fault, uint64_t misaligned,
                         const char *what)
{
    expect(trap_is(seen, fault) || trap_is(seen, misaligned), "%s: trap %d, cause %lu, stval %lx",
           what, seen->taken, seen->cause, seen->tval);
}

static void expect_load_fault(const struct trap_seen *seen, const char *what)
{
    expect_fault(seen, CAUSE_LOAD_ACCESS_FAULT, CAUSE_LOAD_MISALIGNED, what);
}

static void expect_store_fault(const struct trap_seen *seen, const char *what)
{
    expect_fault(seen, CAUSE_STORE_ACCESS_FAULT, CAUSE_STORE_MISALIGNED, what);
}

void mmio_amo(void)
{
    static const uint8_t kinds[] = {0x01, 0x00, 0x04, 0x0c, 0x08, 0x10, 0x14, 0x18, 0x1c};

    for (unsigned place = 0; place < ARRAY_SIZE(places); place++) {
        for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++) {
            struct trap_seen word = insn_run(INSN_AMO_W(kinds[i]), places[place], 1);
            struct trap_seen both = insn_run(INSN_AMO_D(kinds[i]), places[place], 1);

            expect_trap(&word, CAUSE_STORE_ACCESS_FAULT, places[place], "amo.w");
            expect_trap(&both, CAUSE_STORE_ACCESS_FAULT, places[place], "amo.d");
        }
    }
}

/* Every number of the AMO opcode, those of later extensions among them (Zabha, Zacas). */
void mmio_amo_sweep(void)
{
    for (uint32_t kind = 0; kind < 32; kind++) {
        for (uint32_t width = 0; width < 8; width++) {
            uint32_t word = kind << 27 | width << 12 | 0xb5052f;
            struct trap_seen seen = insn_run(word, PLIC_ENABLE, 0);

            expect(trap_is(&seen, CAUSE_STORE_ACCESS_FAULT) ||
                       trap_is(&seen, CAUSE_LOAD_ACCESS_FAULT) ||
                       trap_is(&seen, CAUSE_ILLEGAL_INSN) || (!seen.taken && seen.value == 1),
                   "%08x: trap %d, cause %lu, value %lx", word, seen.taken, seen.cause, seen.value);
        }
    }
}

/* An SC without a reservation of that place may fail without an access. */
void mmio_lr_sc(void)
{
    for (unsigned place = 0; place < ARRAY_SIZE(places); place++) {
        struct trap_seen lr = insn_run(INSN_LR_W, places[place], 0);
        struct trap_seen sc = trap_try(insn_sc, places[place], 0);

        expect_trap(&lr, CAUSE_LOAD_ACCESS_FAULT, places[place], "lr.w");
        lr = insn_run(INSN_LR_D, places[place], 0);
        expect_trap(&lr, CAUSE_LOAD_ACCESS_FAULT, places[place], "lr.d");
        expect(trap_is(&sc, CAUSE_STORE_ACCESS_FAULT) || (!sc.taken && sc.value != 0),
               "sc.d: trap %d, cause %lu, value %lu", sc.taken, sc.cause, sc.value);
    }
}

void mmio_fp(void)
{
    static const uint32_t loads[] = {0x00052507, 0x00053507, 0x2108};  /* flw, fld, c.fld */
    static const uint32_t stores[] = {0x00a52027, 0x00a53027, 0xa108}; /* fsw, fsd, c.fsd */

    csr_set(sstatus, SSTATUS_FS);
    for (unsigned place = 0; place < ARRAY_SIZE(places); place++) {
        for (unsigned i = 0; i < ARRAY_SIZE(loads); i++) {
            struct trap_seen load = insn_run(loads[i], places[place], 0);
            struct trap_seen store = insn_run(stores[i], places[place], 0);

            expect_trap(&load, CAUSE_LOAD_ACCESS_FAULT, places[place], "FP load");
            expect_trap(&store, CAUSE_STORE_ACCESS_FAULT, places[place], "FP store");
        }
    }
}

/* Illegal where there are no vectors. */
void mmio_vector(void)
{
    csr_set(sstatus, SSTATUS_VS);
    for (unsigned place = 0; place < ARRAY_SIZE(places); place++) {
        struct trap_seen load = trap_try(insn_vector_load, places[place], 0);
        struct trap_seen store = trap_try(insn_vector_store, places[place], 0);

        expect_fault(&load, CAUSE_LOAD_ACCESS_FAULT, CAUSE_ILLEGAL_INSN, "vle8.v");
        expect_fault(&store, CAUSE_STORE_ACCESS_FAULT, CAUSE_ILLEGAL_INSN, "vse8.v");
    }
}

/* Unpriv, "CMO": a store to the hypervisor and to the guest. Illegal where they are not there. */
void mmio_cbo(void)
{
    for (uint32_t which = 0; which < 5; which++) {
        if (which == 3)
            continue;
        struct trap_seen device = insn_run(INSN_CBO(which), UART_BASE, 0);
        struct trap_seen hole = insn_run(INSN_CBO(which), HOLE, 0);

        expect_fault(&device, CAUSE_STORE_ACCESS_FAULT, CAUSE_ILLEGAL_INSN, "cbo of a device");
        expect_fault(&hole, CAUSE_STORE_ACCESS_FAULT, CAUSE_ILLEGAL_INSN, "cbo of a hole");
    }
}

void mmio_misaligned(void)
{
    for (unsigned offset = 1; offset < 4; offset++) {
        struct trap_seen load = trap_try(access_lw, PLIC_ENABLE + offset, 0);
        struct trap_seen store = trap_try(access_sw, PLIC_ENABLE + offset, 0);

        expect_load_fault(&load, "lw between two words");
        expect_store_fault(&store, "sw between two words");
    }
    struct trap_seen wide = trap_try(access_ld, UART_BASE + 4, 0);

    expect_load_fault(&wide, "ld of half its address");
}

/* Half of an access in memory, half in a device, and the other way about. */
static void expect_crossing(const void *low, const void *high)
{
    uint64_t *root = table_new(), middle = VIRTUAL + PAGE_SIZE;

    table_map(root, VIRTUAL, low, 0, PTE_ALL);
    table_map(root, middle, high, 0, PTE_ALL);
    paging_on(root);
    for (unsigned offset = 1; offset < 8; offset++) {
        struct trap_seen load = trap_try(access_ld, middle - offset, 0);
        struct trap_seen store = trap_try(access_sd, middle - offset, 0);

        expect_load_fault(&load, "ld over the border");
        expect_store_fault(&store, "sd over the border");
    }
    paging_off();
}

void mmio_crossing(void)
{
    const uint64_t *memory = page_new();

    expect_crossing(memory, (const void *)UART_BASE);
    expect_crossing((const void *)UART_BASE, memory);
    expect_crossing((const void *)UART_BASE, (const void *)PLIC_BASE);
    expect_crossing(memory, (const void *)HOLE);
}

/* The last bytes of each window, and the first ones behind it: those are a hole. */
void mmio_borders(void)
{
    static const uint64_t ends[] = {RTC_BASE + DEVICE_SIZE, PLIC_BASE + PLIC_SIZE,
                                    UART_BASE + UART_SIZE};

    for (unsigned i = 0; i < ARRAY_SIZE(ends); i++) {
        for (uint64_t at = ends[i] - 16; at < ends[i] + 16; at++) {
            struct trap_seen word = trap_try(access_lw, at, 0), both = trap_try(access_ld, at, 0);

            if (word.taken || at + 4 > ends[i])
                expect_load_fault(&word, "lw at a border");
            if (both.taken || at + 8 > ends[i])
                expect_load_fault(&both, "ld at a border");
        }
    }
}

void mmio_jump(void)
{
    for (unsigned place = 0; place < ARRAY_SIZE(places); place++) {
        struct trap_seen seen = trap_try(access_jump, places[place], 0);

        expect_trap(&seen, CAUSE_INSN_ACCESS_FAULT, places[place], "a jump");
    }
}

/* A page table in a device: what the walk reads there is no register access. */
void mmio_walk(void)
{
    uint64_t *root = table_new();

    for (unsigned place = 0; place < ARRAY_SIZE(places); place++) {
        *table_entry(root, TABLE_SV39, VIRTUAL, 2) = pte_make((const void *)places[place], PTE_V);
        paging_on(root);
        expect_access_faults(VIRTUAL);
        paging_off();
    }
}

/* The other hart changes what a page is, over and over, while this one loads from it and stores. */
static uint64_t *race_root;
static volatile bool race_is_over;

static void change_page(void)
{
    const uint64_t *memory = page_new();
    const uint64_t words[] = {
        pte_make((const void *)PLIC_BASE, PTE_WRITE), pte_make(memory, PTE_WRITE),
        pte_make((const void *)HOLE, PTE_WRITE),      0,
        pte_make((const void *)UART_BASE, PTE_V), /* as a table: reserved at the last level */
    };
    volatile uint64_t *entry = table_entry(race_root, TABLE_SV39, VIRTUAL, 0);

    for (unsigned i = 0; !race_is_over; i++)
        *entry = words[i % ARRAY_SIZE(words)];
}

static bool is_of_race(const struct trap_seen *seen)
{
    return !seen->taken || seen->cause == CAUSE_LOAD_ACCESS_FAULT ||
           seen->cause == CAUSE_STORE_ACCESS_FAULT || seen->cause == CAUSE_LOAD_PAGE_FAULT ||
           seen->cause == CAUSE_STORE_PAGE_FAULT;
}

void mmio_race(void)
{
    expect(harts_start_others(), "the other hart does not start");
    race_root = table_new();
    table_map(race_root, VIRTUAL, page_new(), 0, PTE_WRITE);
    harts_post(1, change_page);
    paging_on(race_root);
    for (unsigned i = 0; i < 2000; i++) {
        struct trap_seen load = trap_try(access_lw, VIRTUAL, 0);
        struct trap_seen store = trap_try(access_sw, VIRTUAL, 0);

        if (!expect(is_of_race(&load) && is_of_race(&store), "causes %lu and %lu", load.cause,
                    store.cause))
            break;
        hart_sfence_vma();
    }
    paging_off();
    race_is_over = true;
    expect(harts_wait(1), "the other hart does not come back");
}
