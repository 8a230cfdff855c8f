/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Walks of both stages through tables that a guest wrote, good and bad.
 */
#include "mem/walk.h"

#include "mem/pages.h"
#include "riscv/csr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define POOL    (8UL << 20)
#define RAM     0x80000000UL
#define RAM_END (RAM + (4UL << 20))
#define TABLE   (RAM + 0x10000) /* of the highest level; the next ones follow, a page each */
#define SV39    field_set(SATP_MODE, field_set(SATP_PPN, 0, TABLE / PAGE_SIZE), SATP_MODE_SV39)
#define LEAF    (PTE_D | PTE_A | PTE_X | PTE_W | PTE_R | PTE_V)

static uint8_t *pool;
static uint8_t *ram;
static struct gstage gstage;
static struct walk walk;

static int setup(void **state)
{
    (void)state;
    pool = aligned_alloc(POOL, POOL);
    pages_init();
    if (!pool || pages_add((uintptr_t)pool, POOL) || gstage_init(&gstage, 1))
        return -1;
    ram = (uint8_t *)pages_alloc(10, 1);
    memset(ram, 0, RAM_END - RAM);
    return gstage_map(&gstage, RAM, (uintptr_t)ram, RAM_END - RAM, PTE_R | PTE_W | PTE_X);
}

static int teardown(void **state)
{
    (void)state;
    free(pool);
    return 0;
}

static void set_entry(unsigned table, unsigned index, uint64_t target, uint64_t flags)
{
    uint64_t pte = field_set(PTE_PPN, flags, target / PAGE_SIZE);

    memcpy(ram + (TABLE - RAM) + table * PAGE_SIZE + index * sizeof(pte), &pte, sizeof(pte));
}

/* Tables 0, 1 and 2 lead to the page of gva 0. */
static void build_three_levels(uint64_t leaf, uint64_t flags)
{
    set_entry(0, 0, TABLE + PAGE_SIZE, PTE_V);
    set_entry(1, 0, TABLE + 2 * PAGE_SIZE, PTE_V);
    set_entry(2, 0, leaf, flags);
}

static enum walk_end walk_to(uint64_t gva)
{
    walk_guest(&gstage, SV39, gva, &walk);
    return walk.vs.end;
}

static void every_step_is_shown(void **state)
{
    (void)state;
    build_three_levels(RAM + 0x5000, LEAF | PTE_U);
    assert_int_equal(walk_to(0xabc), WALK_DONE);
    assert_int_equal(walk.satp, SV39);
    assert_int_equal(walk.vs.from, 0xabc);
    assert_int_equal(walk.vs.to, RAM + 0x5abc);
    assert_int_equal(walk.vs.size, PAGE_SIZE);
    assert_int_equal(walk.vs.count, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(walk.vs.steps[i].level, 2 - i);
        assert_int_equal(walk.vs.steps[i].entry, TABLE + i * PAGE_SIZE);
        assert_int_equal(walk.vs.steps[i].hpa, (uintptr_t)ram + (TABLE - RAM) + i * PAGE_SIZE);
    }
    assert_true(walk.vs.steps[2].pte & PTE_U);
    assert_int_equal(walk.g.end, WALK_DONE);
    assert_int_equal(walk.g.from, RAM + 0x5abc);
    assert_int_equal(walk.g.to, (uintptr_t)ram + 0x5abc);
    assert_int_equal(walk.g.size, 2UL << 20);
    assert_int_equal(walk.g.count, 2);
    assert_int_equal(walk.g.steps[0].entry, gstage.root + 2 * sizeof(uint64_t));
    assert_int_equal(walk.g.steps[0].level, 2);
    assert_int_equal(walk.g.steps[1].level, 1);
}

/* It agrees with the walk that the rest of the hypervisor trusts. */
static void the_gstage_is_as_gstage_walk_has_it(void **state)
{
    static const gpa_t places[] = {RAM, RAM + 0x123456, RAM_END - 1,         RAM_END,
                                   0,   ~0UL,           BIT(GSTAGE_GPA_BITS)};
    struct gstage_leaf leaf;
    struct walk_stage stage;

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(places); i++) {
        bool is_mapped = gstage_walk(&gstage, places[i], &leaf);

        walk_gstage(&gstage, places[i], &stage);
        assert_int_equal(stage.end == WALK_DONE, is_mapped);
        if (is_mapped) {
            assert_int_equal(stage.to, leaf.hpa);
            assert_int_equal(stage.size, GSTAGE_LEAF_SIZE(leaf.level));
            assert_int_equal(stage.steps[stage.count - 1].pte, leaf.pte);
        }
    }
}

static void without_translation_the_address_stays(void **state)
{
    (void)state;
    walk_guest(&gstage, 0, RAM + 8, &walk);
    assert_int_equal(walk.vs.end, WALK_DONE);
    assert_int_equal(walk.vs.count, 0);
    assert_int_equal(walk.vs.size, 0);
    assert_int_equal(walk.g.to, (uintptr_t)ram + 8);
    walk_guest(&gstage, 0, 0x10000000, &walk); /* a device: a hole in the tables */
    assert_int_equal(walk.vs.to, 0x10000000);
    assert_int_equal(walk.g.end, WALK_INVALID);
    assert_int_equal(walk.g.count, 1);
}

static void leaves_may_be_large(void **state)
{
    (void)state;
    build_three_levels(0, 0);
    set_entry(1, 1, RAM + (2UL << 20), LEAF);
    assert_int_equal(walk_to(0x212345), WALK_DONE);
    assert_int_equal(walk.vs.size, 2UL << 20);
    assert_int_equal(walk.vs.to, RAM + 0x212345);
    set_entry(2, 16, RAM + 0x8000, LEAF | PTE_N); /* Svnapot: pages 16 to 31 are one leaf */
    assert_int_equal(walk_to(0x10123), WALK_DONE);
    assert_int_equal(walk.vs.size, 64UL << 10);
    assert_int_equal(walk.vs.to, RAM + 0x123);
}

struct bad_row {
    unsigned table;
    uint64_t target, flags;
    enum walk_end end;
};

static void a_bad_entry_ends_it(void **state)
{
    static const struct bad_row rows[] = {
        {2, RAM, 0, WALK_INVALID},
        {1, RAM, LEAF & ~PTE_V, WALK_INVALID},
        {2, RAM, PTE_W | PTE_V, WALK_RESERVED},
        {2, RAM, LEAF | BIT(54), WALK_RESERVED},
        {2, RAM, LEAF | PTE_N, WALK_RESERVED},          /* its PPN does not say 64 KiB */
        {1, RAM + 0x8000, LEAF | PTE_N, WALK_RESERVED}, /* not in a large leaf */
        {1, RAM + PAGE_SIZE, LEAF, WALK_MISALIGNED},
        {0, RAM, LEAF, WALK_DONE},
        {0, TABLE + PAGE_SIZE, PTE_V | PTE_A, WALK_RESERVED},
        {1, TABLE + 2 * PAGE_SIZE, PTE_V | PTE_U, WALK_RESERVED},
        {2, RAM, PTE_V, WALK_NO_LEAF},
        {0, RAM_END, PTE_V, WALK_NO_MEMORY},
        {1, 0x10000000, PTE_V, WALK_NO_MEMORY},
        {1, PTE_PPN, PTE_V, WALK_NO_MEMORY},
    };

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        build_three_levels(RAM, LEAF);
        set_entry(rows[i].table, 0, rows[i].target, rows[i].flags);
        assert_int_equal(walk_to(0), rows[i].end);
        assert_int_equal(walk.vs.steps[walk.vs.count - 1].level,
                         2 - rows[i].table - (rows[i].end == WALK_NO_MEMORY));
        if (rows[i].end != WALK_DONE && rows[i].end != WALK_NO_MEMORY)
            assert_int_equal(walk.g.count, 0);
    }
}

/* Then the G-stage's walk is that of the table. */
static void a_table_outside_memory_is_shown(void **state)
{
    (void)state;
    build_three_levels(RAM, LEAF);
    set_entry(0, 0, RAM_END, PTE_V);
    assert_int_equal(walk_to(0x200008), WALK_NO_MEMORY);
    assert_int_equal(walk.vs.count, 2);
    assert_int_equal(walk.vs.steps[1].entry, RAM_END + 8);
    assert_int_equal(walk.vs.steps[1].hpa, 0);
    assert_int_equal(walk.g.from, RAM_END + 8);
    assert_int_equal(walk.g.end, WALK_INVALID);
}

static void tables_that_lead_to_themselves_end(void **state)
{
    (void)state;
    set_entry(0, 0, TABLE, PTE_V);
    assert_int_equal(walk_to(0), WALK_NO_LEAF);
    assert_int_equal(walk.vs.count, 3);
}

struct width_row {
    uint64_t mode, gva;
    enum walk_end end;
    const char *name;
};

static void each_mode_has_its_width(void **state)
{
    static const struct width_row rows[] = {
        {SATP_MODE_SV39, BIT(38) - 1, WALK_INVALID, "Sv39"},
        {SATP_MODE_SV39, BIT(38), WALK_WIDTH, "Sv39"},
        {SATP_MODE_SV39, ~0UL, WALK_INVALID, "Sv39"},
        {SATP_MODE_SV39, ~BIT(63), WALK_WIDTH, "Sv39"},
        {SATP_MODE_SV48, BIT(38), WALK_INVALID, "Sv48"},
        {SATP_MODE_SV48, BIT(47), WALK_WIDTH, "Sv48"},
        {SATP_MODE_SV57, BIT(47), WALK_INVALID, "Sv57"},
        {SATP_MODE_SV57, BIT(56), WALK_WIDTH, "Sv57"},
        {SATP_MODE_BARE, ~0UL, WALK_DONE, "Bare"},
        {1, 0, WALK_NO_MODE, "no mode"},
        {15, 0, WALK_NO_MODE, "no mode"},
    };

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        uint64_t satp = field_set(SATP_MODE, SV39, rows[i].mode);

        walk_guest(&gstage, satp, rows[i].gva, &walk);
        assert_int_equal(walk.vs.end, rows[i].end);
        assert_string_equal(walk_mode_text(satp), rows[i].name);
    }
}

/* Five levels, each in a table of its own. */
static void the_deepest_walk_fits(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        set_entry(i, 0, TABLE + (i + 1) * PAGE_SIZE, PTE_V);
    set_entry(4, 0, RAM, LEAF);
    walk_guest(&gstage, field_set(SATP_MODE, SV39, SATP_MODE_SV57), 0, &walk);
    assert_int_equal(walk.vs.end, WALK_DONE);
    assert_int_equal(walk.vs.count, WALK_STEPS_MAX);
}

static void each_end_has_words(void **state)
{
    (void)state;
    for (enum walk_end end = WALK_DONE; end <= WALK_NO_LEAF; end++)
        assert_true(strlen(walk_end_text(end)) > 0);
}

#define WALK_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WALK_TEST(every_step_is_shown),
        WALK_TEST(the_gstage_is_as_gstage_walk_has_it),
        WALK_TEST(without_translation_the_address_stays),
        WALK_TEST(leaves_may_be_large),
        WALK_TEST(a_bad_entry_ends_it),
        WALK_TEST(a_table_outside_memory_is_shown),
        WALK_TEST(tables_that_lead_to_themselves_end),
        WALK_TEST(each_mode_has_its_width),
        WALK_TEST(the_deepest_walk_fits),
        WALK_TEST(each_end_has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
