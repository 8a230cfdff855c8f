/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Walks as they are drawn: each line, with the G-stage's steps and without, and all ends.
 */
#include "mem/walk_draw.h"

#include "mem/pages.h"
#include "riscv/csr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define POOL  (8UL << 20)
#define RAM   0x80000000UL
#define SIZE  (4UL << 20)
#define TABLE (RAM + 0x10000)
#define SV39                                                                                       \
    field_set(SATP_ASID,                                                                           \
              field_set(SATP_MODE, field_set(SATP_PPN, 0, TABLE / PAGE_SIZE), SATP_MODE_SV39), 7)

static uint8_t *pool;
static uint8_t *ram;
static struct gstage gstage;
static char drawn[8192];

static int setup(void **state)
{
    (void)state;
    pool = aligned_alloc(POOL, POOL);
    pages_init();
    if (!pool || pages_add((uintptr_t)pool, POOL) || gstage_init(&gstage, 1))
        return -1;
    ram = (uint8_t *)pages_alloc(10, 1);
    memset(ram, 0, SIZE);
    return gstage_map(&gstage, RAM, (uintptr_t)ram, SIZE, PTE_R | PTE_W | PTE_X);
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

static void put(void *context, const char *line)
{
    assert_ptr_equal(context, drawn);
    strcat(strcat(drawn, line), "\n");
}

static void draw(uint64_t satp, uint64_t gva, bool is_full)
{
    struct walk walk;

    walk_guest(&gstage, satp, gva, &walk);
    assert_int_equal(walk.hgatp, gstage_hgatp(&gstage));
    drawn[0] = '\0';
    walk_draw(&walk, &gstage, is_full, put, drawn);
}

static void expect(const char *text)
{
    if (!strstr(drawn, text))
        fail_msg("\"%s\" is not in:\n%s", text, drawn);
}

/* gva 0x5123 by three levels to a user page that can be read and executed. */
static void build(uint64_t flags)
{
    set_entry(0, 0, TABLE + PAGE_SIZE, PTE_V);
    set_entry(1, 0, TABLE + 2 * PAGE_SIZE, PTE_V);
    set_entry(2, 5, RAM + 0x8000, flags);
}

static void each_step_is_drawn(void **state)
{
    char lines[2048];

    (void)state;
    build(PTE_A | PTE_U | PTE_X | PTE_R | PTE_V);
    draw(SV39, 0x5123, false);
    snprintf(lines, sizeof(lines),
             "VS-stage: Sv39, ASID 7, gva 0x5123\n"
             "  level 2, entry 0 at gpa 0x80010000\n"
             "      G-stage: hpa 0x%lx (2 MiB leaf, RWX)\n"
             "      pte 0x0000000020004401  V - - - - - - -  ppn 0x80011\n"
             "  level 1, entry 0 at gpa 0x80011000\n"
             "      G-stage: hpa 0x%lx (2 MiB leaf, RWX)\n"
             "      pte 0x0000000020004801  V - - - - - - -  ppn 0x80012\n"
             "  level 0, entry 5 at gpa 0x80012028\n"
             "      G-stage: hpa 0x%lx (2 MiB leaf, RWX)\n"
             "      pte 0x000000002000205b  V R - X U - A -  ppn 0x80008\n"
             "  gpa 0x80008123, 4 KiB leaf\n"
             "G-stage: Sv39x4, VMID 0, gpa 0x80008123\n"
             "  level 2, entry 2 at hpa 0x%lx\n",
             (uintptr_t)ram + 0x10000, (uintptr_t)ram + 0x11000, (uintptr_t)ram + 0x12028,
             gstage.root + 16);
    expect(lines);
    snprintf(lines, sizeof(lines),
             "  hpa 0x%lx, 2 MiB leaf\n"
             "gva 0x5123 -> gpa 0x80008123 -> hpa 0x%lx, rights RX (VU-mode)\n",
             (uintptr_t)ram + 0x8123, (uintptr_t)ram + 0x8123);
    expect(lines);
}

static void on_demand_the_way_to_each_table(void **state)
{
    char lines[256];

    (void)state;
    build(PTE_A | PTE_R | PTE_V);
    draw(SV39, 0x5123, true);
    snprintf(lines, sizeof(lines),
             "  level 0, entry 5 at gpa 0x80012028\n"
             "      G-stage: gpa 0x80012028\n"
             "        level 2, entry 2 at hpa 0x%lx\n"
             "            pte 0x",
             gstage.root + 16);
    expect(lines);
    snprintf(lines, sizeof(lines), "        hpa 0x%lx, 2 MiB leaf\n      pte 0x",
             (uintptr_t)ram + 0x12028);
    expect(lines);
    expect("rights R (VS-mode)\n");
}

static void without_tables_all_is_allowed(void **state)
{
    (void)state;
    draw(0, RAM, false);
    expect("VS-stage: Bare, ASID 0, gva 0x80000000\n");
    expect("  gpa 0x80000000, Bare, no table\nG-stage: Sv39x4");
    expect("rights RWX (VS- and VU-mode)\n");
    draw(0, 0x10000000, true);
    expect("  guest-page fault (20 fetch, 21 load, 23 store): entry not valid\n");
    assert_null(strstr(drawn, "rights"));
}

static void what_ends_early_says_why(void **state)
{
    (void)state;
    build(0);
    draw(SV39, 0x5123, false);
    expect("  page fault (12 fetch, 13 load, 15 store): entry not valid\n");
    assert_null(strstr(drawn, "G-stage: Sv39x4"));
    draw(SV39, 1UL << 50, false);
    expect("gva 0x4000000000000\n  page fault (12 fetch, 13 load, 15 store): address too wide");
    set_entry(1, 0, 0x10000000, PTE_V); /* a table where a device is */
    draw(SV39, 0x5123, false);
    expect("  level 0, entry 5 at gpa 0x10000028\n      G-stage: guest-page fault (20 fetch, 21 "
           "load, 23 store): entry not valid\n  guest-page fault (20 fetch, 21 load, 23 store): "
           "table is not in memory\n");
}

static void sizes_and_bits_of_leaves(void **state)
{
    (void)state;
    build(0);
    set_entry(1, 1, RAM + (2UL << 20), PTE_D | PTE_A | PTE_W | PTE_R | PTE_V);
    draw(SV39, 0x212345, false);
    expect("  gpa 0x80212345, 2 MiB leaf\n");
    expect("rights RW (VS-mode)\n");
    set_entry(2, 16, RAM + 0x8000, PTE_N | PTE_W | PTE_R | PTE_V);
    draw(SV39, 0x10123, false);
    expect(", 64 KiB leaf\n");
    expect("VS-stage: A is clear, any access faults or sets it\n");
    build(PTE_A | PTE_W | PTE_R | PTE_V);
    draw(SV39, 0x5000, false);
    expect("VS-stage: D is clear, a store faults or sets it\n");
    assert_int_equal(gstage_protect(&gstage, RAM, SIZE, PTE_X), 0);
    draw(0, RAM, false);
    expect("rights X (");
    assert_int_equal(gstage_protect(&gstage, RAM, SIZE, PTE_R), 0);
    build(PTE_A | PTE_X | PTE_V);
    draw(SV39, 0x5000, false);
    expect("rights none (VS-mode)\n");
}

#define DRAW_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DRAW_TEST(each_step_is_drawn),
        DRAW_TEST(on_demand_the_way_to_each_table),
        DRAW_TEST(without_tables_all_is_allowed),
        DRAW_TEST(what_ends_early_says_why),
        DRAW_TEST(sizes_and_bits_of_leaves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
