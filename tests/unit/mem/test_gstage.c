/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * G-stage tables: the leaves that are chosen, splitting and pruning, what is left after a
 * failure, and a long random run against an array with one element a page. What the tables map
 * is never touched, so those addresses are mere numbers; only tables need memory.
 */
#include "mem/gstage.h"

#include "lib/assert.h"
#include "lib/err.h"
#include "mem/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_SIZE  (16UL << 20)
#define ARENA_ALIGN (4UL << 20)
#define OWNER       7
#define KIB_4       PAGE_SIZE
#define MIB_2       BIT(21)
#define GIB         BIT(30)
#define GPA_END     BIT(GSTAGE_GPA_BITS)
#define RWX         (PTE_R | PTE_W | PTE_X)
#define RW          (PTE_R | PTE_W)

static uint8_t *arena;
static struct gstage gstage;
static uint64_t pages_at_start;
static uint64_t random_state;

static uint64_t random_below(uint64_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % limit;
}

static int arena_make(void **state)
{
    (void)state;
    arena = aligned_alloc(ARENA_ALIGN, ARENA_SIZE);
    return arena ? 0 : -1;
}

static int arena_drop(void **state)
{
    (void)state;
    free(arena);
    return 0;
}

static int setup(void **state)
{
    (void)state;
    random_state = 0xd1342543de82ef95;
    memset(arena, 0xa5, ARENA_SIZE);
    pages_init();
    assert_int_equal(pages_add((uintptr_t)arena, ARENA_SIZE), 0);
    assert_int_equal(gstage_init(&gstage, OWNER), 0);
    pages_at_start = pages_free_count();
    return 0;
}

/* Each test leaves a table that can be destroyed without losing a page. */
static int teardown(void **state)
{
    (void)state;
    gstage_destroy(&gstage);
    assert_int_equal(pages_free_count(), pages_total_count());
    return 0;
}

static void assert_maps(gpa_t gpa, hpa_t hpa, unsigned level, uint64_t rights)
{
    struct gstage_leaf leaf;
    assert_true(gstage_walk(&gstage, gpa, &leaf));
    assert_int_equal(leaf.hpa, hpa);
    assert_int_equal(leaf.level, level);
    assert_int_equal(leaf.pte & RWX, rights);
}

static void assert_hole(gpa_t gpa, unsigned level)
{
    struct gstage_leaf leaf;
    assert_false(gstage_walk(&gstage, gpa, &leaf));
    assert_int_equal(leaf.pte, 0);
    assert_int_equal(leaf.level, level);
}

static void assert_tables(uint64_t count)
{
    assert_int_equal(gstage.tables, count);
    assert_int_equal(pages_free_count(), pages_at_start - count);
}

/*
 * Reads the raw tables as hardware would: every entry is 0, a table or an aligned leaf with the
 * right bits; no table is empty; the owner is right. Returns the number of tables below.
 */
static uint64_t check_table(hpa_t table, unsigned level)
{
    const uint64_t *entries = (const uint64_t *)table;
    uint64_t tables = 0;
    bool is_empty = true;
    assert_int_equal(pages_owner(table), OWNER);
    for (unsigned i = 0; i < (level == 2 ? 2048 : 512); i++) {
        uint64_t pte = entries[i];
        if (pte == 0)
            continue;
        is_empty = false;
        assert_int_equal(pte & (PTE_N | PTE_PBMT | BITS(60, 54) | PTE_G), 0);
        assert_true(pte & PTE_V);
        hpa_t hpa = (pte >> 10) << PAGE_SHIFT;
        if (pte & RWX) {
            assert_int_equal(pte & (PTE_U | PTE_A | PTE_D), PTE_U | PTE_A | PTE_D);
            assert_true(is_aligned(hpa, BIT(12 + 9 * level)));
            continue;
        }
        assert_int_equal(pte & (PTE_U | PTE_A | PTE_D | PTE_SOFTWARE), 0);
        assert_int_not_equal(level, 0);
        tables += 1 + check_table(hpa, level - 1);
    }
    assert_false(is_empty && level < 2);
    return tables;
}

static void assert_is_sound(void)
{
    assert_int_equal(check_table(gstage.root, 2), gstage.tables);
    assert_tables(gstage.tables);
}

static void an_empty_table_maps_nothing(void **state)
{
    (void)state;
    assert_true(is_aligned(gstage.root, 16384));
    assert_int_equal(pages_owner(gstage.root + 16383), OWNER);
    for (unsigned i = 0; i < 2048; i++)
        assert_int_equal(((uint64_t *)gstage.root)[i], 0);
    assert_hole(0, 2);
    assert_hole(GPA_END - 1, 2);
    assert_tables(0);
}

static void hgatp_holds_mode_and_root(void **state)
{
    (void)state;
    assert_int_equal(gstage_hgatp(&gstage), (8UL << 60) | (gstage.root >> 12));
}

static void init_fails_without_pages(void **state)
{
    (void)state;
    while (pages_alloc(2, OWNER))
        ;
    struct gstage other;
    assert_int_equal(gstage_init(&other, OWNER), ERR_NO_MEMORY);
    setup(state);
}

static void leaves_are_as_large_as_alignment_allows(void **state)
{
    (void)state;
    /* From 4 KiB below 2 MiB to 4 KiB above 1 GiB + 2 MiB, both sides aligned alike. */
    const hpa_t offset = 4 * GIB;
    gpa_t gpa = GIB - MIB_2 - KIB_4;
    assert_int_equal(gstage_map(&gstage, gpa, gpa + offset, GIB + 2 * MIB_2 + 2 * KIB_4, RWX), 0);
    assert_hole(gpa - 1, 0);
    assert_maps(gpa, gpa + offset, 0, RWX);
    assert_maps(GIB - MIB_2 + 5, GIB - MIB_2 + 5 + offset, 1, RWX);
    assert_maps(GIB, GIB + offset, 2, RWX);
    assert_maps(2 * GIB - 1, 2 * GIB - 1 + offset, 2, RWX);
    assert_maps(2 * GIB, 2 * GIB + offset, 1, RWX);
    assert_maps(2 * GIB + MIB_2, 2 * GIB + MIB_2 + offset, 0, RWX);
    assert_hole(2 * GIB + MIB_2 + KIB_4, 0);
    assert_hole(2 * GIB + 2 * MIB_2, 1);
    assert_hole(3 * GIB, 2);
    assert_tables(4);
    assert_is_sound();
}

static void the_worse_alignment_decides(void **state)
{
    (void)state;
    assert_int_equal(gstage_map(&gstage, GIB, GIB + MIB_2, GIB, RW), 0);
    assert_maps(GIB, GIB + MIB_2, 1, RW);
    assert_maps(2 * GIB - 1, 2 * GIB + MIB_2 - 1, 1, RW);
    assert_tables(1);
    assert_int_equal(gstage_map(&gstage, 4 * GIB, KIB_4, MIB_2, RW), 0);
    assert_maps(4 * GIB, KIB_4, 0, RW);
    assert_maps(4 * GIB + MIB_2 - 1, KIB_4 + MIB_2 - 1, 0, RW);
    assert_tables(3);
    assert_is_sound();
}

static void all_rights_are_kept(void **state)
{
    (void)state;
    static const uint64_t rights[] = {PTE_R, RW, PTE_X, PTE_R | PTE_X, RWX};
    for (unsigned i = 0; i < ARRAY_SIZE(rights); i++) {
        assert_int_equal(gstage_map(&gstage, i * KIB_4, GIB, KIB_4, rights[i]), 0);
        assert_maps(i * KIB_4, GIB, 0, rights[i]);
    }
    assert_is_sound();
}

static void addresses_end_at_41_and_56_bits(void **state)
{
    (void)state;
    assert_int_equal(gstage_map(&gstage, GPA_END - KIB_4, 0, 2 * KIB_4, RW), ERR_RANGE);
    assert_int_equal(gstage_map(&gstage, GPA_END, 0, KIB_4, RW), ERR_RANGE);
    assert_int_equal(gstage_map(&gstage, -KIB_4, 0, KIB_4, RW), ERR_RANGE);
    assert_int_equal(gstage_map(&gstage, -KIB_4, 0, 2 * KIB_4, RW), ERR_RANGE);
    assert_int_equal(gstage_map(&gstage, KIB_4, 0, -KIB_4, RW), ERR_RANGE);
    assert_int_equal(gstage_map(&gstage, 0, BIT(56) - KIB_4, 2 * KIB_4, RW), ERR_RANGE);
    assert_int_equal(gstage_map(&gstage, 0, -KIB_4, KIB_4, RW), ERR_RANGE);
    assert_int_equal(gstage_unmap(&gstage, GPA_END - KIB_4, 2 * KIB_4), ERR_RANGE);
    assert_int_equal(gstage_unmap(&gstage, KIB_4, -KIB_4), ERR_RANGE);
    assert_int_equal(gstage_protect(&gstage, GPA_END, KIB_4, RW), ERR_RANGE);
    assert_tables(0);

    assert_int_equal(gstage_map(&gstage, GPA_END - KIB_4, BIT(56) - KIB_4, KIB_4, RW), 0);
    assert_maps(GPA_END - 1, BIT(56) - 1, 0, RW);
    assert_int_equal(gstage_map(&gstage, 0, 0, KIB_4, RW), 0);
    assert_hole(GPA_END, 2);
    assert_hole(GPA_END + KIB_4, 2);
    assert_hole(BIT(63), 2);
    assert_hole(UINT64_MAX, 2);
    assert_is_sound();
}

static void an_empty_range_does_nothing(void **state)
{
    (void)state;
    assert_int_equal(gstage_map(&gstage, GIB, GIB, 0, RW), 0);
    assert_int_equal(gstage_unmap(&gstage, GPA_END, 0), 0);
    assert_int_equal(gstage_protect(&gstage, 0, 0, RW), 0);
    assert_tables(0);
}

static void what_is_mapped_is_not_mapped_over(void **state)
{
    (void)state;
    assert_int_equal(gstage_map(&gstage, 2 * GIB, 0, GIB, RW), 0);
    assert_int_equal(gstage_map(&gstage, GIB + MIB_2, 0, MIB_2, RW), 0);
    assert_int_equal(gstage_map(&gstage, GIB, 0, KIB_4, RW), 0);
    assert_tables(2);
    assert_int_equal(gstage_map(&gstage, 0, 0, 2 * GIB, RWX), ERR_EXISTS);
    assert_int_equal(gstage_map(&gstage, 0, 0, 4 * GIB, RWX), ERR_EXISTS);
    assert_int_equal(gstage_map(&gstage, GIB, 0, KIB_4, RWX), ERR_EXISTS);
    assert_int_equal(gstage_map(&gstage, GIB + KIB_4, 0, MIB_2, RWX), ERR_EXISTS);
    assert_int_equal(gstage_map(&gstage, 3 * GIB - KIB_4, 0, KIB_4, RWX), ERR_EXISTS);
    assert_tables(2);
    assert_maps(GIB, 0, 0, RW);
    assert_hole(GIB + KIB_4, 0);
    assert_hole(0, 2);
    /* Up to the neighbours is fine. */
    assert_int_equal(gstage_map(&gstage, GIB + KIB_4, KIB_4, MIB_2 - KIB_4, RW), 0);
    assert_int_equal(gstage_map(&gstage, 0, 0, GIB, RW), 0);
    assert_is_sound();
}

static void unmap_splits_what_sticks_out(void **state)
{
    (void)state;
    assert_int_equal(gstage_map(&gstage, GIB, 8 * GIB, GIB, RWX), 0);
    assert_tables(0);
    assert_int_equal(gstage_unmap(&gstage, GIB + 3 * MIB_2 + KIB_4, KIB_4), 0);
    assert_tables(2);
    assert_maps(GIB, 8 * GIB, 1, RWX);
    assert_maps(GIB + 3 * MIB_2, 8 * GIB + 3 * MIB_2, 0, RWX);
    assert_hole(GIB + 3 * MIB_2 + KIB_4, 0);
    assert_maps(GIB + 3 * MIB_2 + 2 * KIB_4, 8 * GIB + 3 * MIB_2 + 2 * KIB_4, 0, RWX);
    assert_maps(2 * GIB - 1, 9 * GIB - 1, 1, RWX);
    assert_is_sound();
    /* A range over holes, tables and leaves; then everything. */
    assert_int_equal(gstage_unmap(&gstage, GIB + 2 * MIB_2 + KIB_4, 2 * MIB_2), 0);
    assert_maps(GIB + 2 * MIB_2, 8 * GIB + 2 * MIB_2, 0, RWX);
    assert_hole(GIB + 3 * MIB_2, 1);
    assert_hole(GIB + 4 * MIB_2, 0);
    assert_maps(GIB + 4 * MIB_2 + KIB_4, 8 * GIB + 4 * MIB_2 + KIB_4, 0, RWX);
    assert_is_sound();
    assert_int_equal(gstage_unmap(&gstage, 0, GPA_END), 0);
    assert_tables(0);
}

static void empty_tables_are_freed_page_by_page(void **state)
{
    (void)state;
    assert_int_equal(gstage_map(&gstage, 0, KIB_4, MIB_2, RW), 0);
    assert_tables(2);
    for (gpa_t gpa = 0; gpa < MIB_2; gpa += KIB_4) {
        assert_tables(2);
        assert_int_equal(gstage_unmap(&gstage, gpa, KIB_4), 0);
        assert_int_equal(gstage_unmap(&gstage, gpa, KIB_4), 0);
    }
    assert_tables(0);
    assert_hole(0, 2);
}

static void protect_changes_rights_only(void **state)
{
    (void)state;
    assert_int_equal(gstage_map(&gstage, 0, GIB, GIB, RWX), 0);
    assert_int_equal(gstage_protect(&gstage, 0, 4 * GIB, RW), 0);
    assert_maps(5, GIB + 5, 2, RW);
    assert_tables(0);
    assert_int_equal(gstage_protect(&gstage, MIB_2 - KIB_4, MIB_2 + KIB_4, PTE_R), 0);
    assert_maps(0, GIB, 0, RW);
    assert_maps(MIB_2 - KIB_4, GIB + MIB_2 - KIB_4, 0, PTE_R);
    assert_maps(MIB_2, GIB + MIB_2, 1, PTE_R);
    assert_maps(2 * MIB_2, GIB + 2 * MIB_2, 1, RW);
    assert_tables(2);
    assert_is_sound();
}

static void software_bits_survive(void **state)
{
    (void)state;
    assert_int_equal(gstage_map(&gstage, 0, GIB, GIB, RWX), 0);
    *(uint64_t *)gstage.root |= PTE_SOFTWARE;
    assert_int_equal(gstage_protect(&gstage, 0, KIB_4, PTE_R), 0);
    struct gstage_leaf leaf;
    for (gpa_t gpa = 0; gpa < GIB; gpa = 2 * gpa + KIB_4) {
        assert_true(gstage_walk(&gstage, gpa, &leaf));
        assert_int_equal(leaf.pte & PTE_SOFTWARE, PTE_SOFTWARE);
        assert_int_equal(leaf.pte & RWX, gpa == 0 ? PTE_R : RWX);
    }
    assert_is_sound();
}

/* Takes pages away until `left` are free. */
static void drain(uint64_t left)
{
    while (pages_free_count() > left)
        assert_int_not_equal(pages_alloc(0, PAGES_OWNER_HYP), 0);
}

static void map_without_pages_is_undone(void **state)
{
    /* Around a GiB boundary, in small leaves: three tables on either side. */
    const gpa_t gpa = GIB - MIB_2 - KIB_4;
    const uint64_t size = 2 * MIB_2 + 2 * KIB_4;
    for (uint64_t left = 0; left <= 6; left++) {
        setup(state);
        assert_int_equal(gstage_map(&gstage, 4 * GIB, 0, KIB_4, RW), 0);
        drain(left);
        int err = gstage_map(&gstage, gpa, 0x7000, size, RW);
        assert_int_equal(err, left < 6 ? ERR_NO_MEMORY : 0);
        assert_int_equal(gstage.tables, left < 6 ? 2 : 8);
        assert_int_equal(pages_free_count(), left < 6 ? left : 0);
        if (left == 6)
            continue;
        for (gpa_t at = gpa; at < gpa + size; at += KIB_4)
            assert_hole(at, 2);
        assert_maps(4 * GIB, 0, 0, RW);
        assert_int_equal(check_table(gstage.root, 2), gstage.tables);
    }
    setup(state);
}

static void split_without_pages_changes_nothing_there(void **state)
{
    for (uint64_t left = 0; left <= 2; left++) {
        setup(state);
        assert_int_equal(gstage_map(&gstage, 0, 4 * GIB, 2 * GIB, RWX), 0);
        drain(left);
        int err = left % 2 ? gstage_unmap(&gstage, GIB - KIB_4, 2 * KIB_4)
                           : gstage_protect(&gstage, GIB - KIB_4, 2 * KIB_4, RW);
        assert_int_equal(err, ERR_NO_MEMORY); /* it would need four tables */
        struct gstage_leaf leaf;
        for (gpa_t gpa = 0; gpa < 2 * GIB; gpa += MIB_2 + 3 * KIB_4) {
            assert_true(gstage_walk(&gstage, gpa, &leaf));
            assert_int_equal(leaf.hpa, gpa + 4 * GIB);
            assert_int_equal(leaf.pte & RWX, RWX);
        }
        /* The last page before the leaf that could not be split is changed if there was room. */
        assert_true(gstage_walk(&gstage, GIB - KIB_4, &leaf));
        assert_int_equal(leaf.pte & RWX, left == 2 ? RW : RWX);
        assert_maps(GIB, 5 * GIB, 2, RWX);
        assert_int_equal(check_table(gstage.root, 2), gstage.tables);
    }
    setup(state);
}

static void expect_no_such_rights(uint64_t rights)
{
    expect_assert_failure(gstage_map(&gstage, 0, 0, KIB_4, rights));
    expect_assert_failure(gstage_protect(&gstage, 0, KIB_4, rights));
}

static void our_mistakes_stop_the_machine(void **state)
{
    (void)state;
    expect_no_such_rights(0);
    expect_no_such_rights(PTE_W);
    expect_no_such_rights(PTE_W | PTE_X);
    expect_no_such_rights(PTE_R | PTE_U);
    expect_no_such_rights(PTE_R | PTE_V);
    expect_no_such_rights(PTE_R | PTE_N);
    expect_assert_failure(gstage_map(&gstage, 1, 0, KIB_4, RW));
    expect_assert_failure(gstage_map(&gstage, 0, 1, KIB_4, RW));
    expect_assert_failure(gstage_map(&gstage, 0, 0, 1, RW));
    expect_assert_failure(gstage_unmap(&gstage, 8, KIB_4));
    expect_assert_failure(gstage_protect(&gstage, 0, 8, RW));
    assert_tables(0);
}

/* The model: what each page of a window over two GiB boundaries should be. */
#define WINDOW_BASE  (2 * GIB - 64 * MIB_2)
#define WINDOW_PAGES ((GIB + 128 * MIB_2) / KIB_4)

static struct {
    hpa_t hpa;
    uint64_t rights; /* 0: a hole */
} model[WINDOW_PAGES];

/* Whether the page, by gstage_walk, is what the model says. */
static void model_check_page(uint64_t page)
{
    struct gstage_leaf leaf;
    uint64_t offset = random_below(KIB_4);
    bool is_mapped = gstage_walk(&gstage, WINDOW_BASE + page * KIB_4 + offset, &leaf);
    /* One comparison: the check runs a hundred million times. */
    if (is_mapped != (model[page].rights != 0) || (leaf.pte & RWX) != model[page].rights ||
        (is_mapped && leaf.hpa != model[page].hpa + offset))
        fail_msg("page %lu: 0x%lx to 0x%lx", page, leaf.pte, leaf.hpa);
}

static void model_check_some(uint64_t first, uint64_t count)
{
    for (unsigned i = 0; i < 100; i++)
        model_check_page(random_below(WINDOW_PAGES));
    model_check_page(first);
    model_check_page(first + count - 1);
    if (first > 0)
        model_check_page(first - 1);
    if (first + count < WINDOW_PAGES)
        model_check_page(first + count);
}

/* A range of pages whose ends and length often, but not always, are round. */
static uint64_t random_range(uint64_t *count)
{
    static const uint64_t scales[] = {1, 1, 512, 512, 262144};
    uint64_t scale = scales[random_below(ARRAY_SIZE(scales))];
    uint64_t first = align_down(random_below(WINDOW_PAGES), scale);
    *count = scale * (1 + random_below(scale == 1 ? 40 : 20));
    if (random_below(4) == 0)
        *count += random_below(3);
    if (random_below(4) == 0)
        first += random_below(3);
    first = min_u64(first, WINDOW_PAGES - 1);
    *count = min_u64(*count, WINDOW_PAGES - first);
    return first;
}

static uint64_t random_rights(void)
{
    static const uint64_t rights[] = {PTE_R, RW, PTE_X, PTE_R | PTE_X, RWX};
    return rights[random_below(ARRAY_SIZE(rights))];
}

static void random_map(uint64_t first, uint64_t count)
{
    static const uint64_t aligns[] = {KIB_4, MIB_2, GIB};
    gpa_t gpa = WINDOW_BASE + first * KIB_4;
    hpa_t hpa = gpa + random_below(64) * aligns[random_below(3)];
    uint64_t rights = random_rights();
    bool is_free = true;
    for (uint64_t i = first; i < first + count; i++)
        is_free = is_free && model[i].rights == 0;
    int err = gstage_map(&gstage, gpa, hpa, count * KIB_4, rights);
    assert_int_equal(err, is_free ? 0 : ERR_EXISTS);
    for (uint64_t i = 0; is_free && i < count; i++) {
        model[first + i].hpa = hpa + i * KIB_4;
        model[first + i].rights = rights;
    }
}

static void random_unmap(uint64_t first, uint64_t count)
{
    assert_int_equal(gstage_unmap(&gstage, WINDOW_BASE + first * KIB_4, count * KIB_4), 0);
    for (uint64_t i = first; i < first + count; i++)
        model[i].rights = 0;
}

static void random_protect(uint64_t first, uint64_t count)
{
    uint64_t rights = random_rights();
    gpa_t gpa = WINDOW_BASE + first * KIB_4;
    assert_int_equal(gstage_protect(&gstage, gpa, count * KIB_4, rights), 0);
    for (uint64_t i = first; i < first + count; i++) {
        if (model[i].rights)
            model[i].rights = rights;
    }
}

static void a_long_random_run(void **state)
{
    (void)state;
    memset(model, 0, sizeof(model));
    for (unsigned round = 0; round < 4000; round++) {
        uint64_t count;
        uint64_t first = random_range(&count);
        unsigned dice = random_below(10);
        if (dice < 5)
            random_map(first, count);
        else if (dice < 8)
            random_unmap(first, count);
        else
            random_protect(first, count);
        model_check_some(first, count);
        if (round % 400 == 0) {
            assert_is_sound();
            for (uint64_t page = 0; page < WINDOW_PAGES; page++)
                model_check_page(page);
        }
    }
    assert_is_sound();
    assert_int_equal(gstage_unmap(&gstage, WINDOW_BASE, WINDOW_PAGES * KIB_4), 0);
    assert_tables(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_table_maps_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(hgatp_holds_mode_and_root, setup, teardown),
        cmocka_unit_test_setup_teardown(init_fails_without_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(leaves_are_as_large_as_alignment_allows, setup, teardown),
        cmocka_unit_test_setup_teardown(the_worse_alignment_decides, setup, teardown),
        cmocka_unit_test_setup_teardown(all_rights_are_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(addresses_end_at_41_and_56_bits, setup, teardown),
        cmocka_unit_test_setup_teardown(an_empty_range_does_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_mapped_is_not_mapped_over, setup, teardown),
        cmocka_unit_test_setup_teardown(unmap_splits_what_sticks_out, setup, teardown),
        cmocka_unit_test_setup_teardown(empty_tables_are_freed_page_by_page, setup, teardown),
        cmocka_unit_test_setup_teardown(protect_changes_rights_only, setup, teardown),
        cmocka_unit_test_setup_teardown(software_bits_survive, setup, teardown),
        cmocka_unit_test_setup_teardown(map_without_pages_is_undone, setup, teardown),
        cmocka_unit_test_setup_teardown(split_without_pages_changes_nothing_there, setup, teardown),
        cmocka_unit_test_setup_teardown(our_mistakes_stop_the_machine, setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_random_run, setup, teardown),
    };
    return cmocka_run_group_tests(tests, arena_make, arena_drop);
}
