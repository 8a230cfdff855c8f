/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM's RAM: leaves as large as its size and the host's memory allow, and every page given back.
 * The large memory is reserved only: nobody touches it but for the first words of free blocks.
 */
#include "vm/ram.h"

#include "lib/err.h"
#include "mem/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <cmocka.h>

#define GIB       (1UL << 30)
#define MIB       (1UL << 20)
#define POOL_SIZE (4 * GIB)
#define VM_ID     7

static uint8_t *reserved; /* a multiple of 1 GiB */
static void *mapping;
static struct vm vm;

static int reserve(void **state)
{
    (void)state;
    mapping = mmap(NULL, POOL_SIZE + GIB, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    reserved = (uint8_t *)align_up((uintptr_t)mapping, GIB);
    return mapping == MAP_FAILED ? -1 : 0;
}

static int unreserve(void **state)
{
    (void)state;
    return munmap(mapping, POOL_SIZE + GIB);
}

static void make_vm(uint64_t pool_size, uint64_t memory)
{
    pages_init();
    assert_int_equal(pages_add((uintptr_t)reserved, pool_size), 0);
    vm = (struct vm){.id = VM_ID, .config.memory = memory};
    assert_int_equal(gstage_init(&vm.gstage, VM_ID), 0);
}

static void expect_level(uint64_t offset, unsigned level)
{
    struct gstage_leaf leaf;

    assert_true(gstage_walk(&vm.gstage, BOARD_RAM_BASE + offset, &leaf));
    assert_int_equal(leaf.level, level);
    assert_int_equal(leaf.pte & (PTE_R | PTE_W | PTE_X), PTE_R | PTE_W | PTE_X);
    assert_int_equal(pages_owner(leaf.hpa), VM_ID);
}

static void expect_end(uint64_t memory)
{
    struct gstage_leaf leaf;

    assert_true(gstage_walk(&vm.gstage, BOARD_RAM_BASE + memory - 1, &leaf));
    assert_false(gstage_walk(&vm.gstage, BOARD_RAM_BASE + memory, &leaf));
    assert_false(gstage_walk(&vm.gstage, BOARD_RAM_BASE - 1, &leaf));
}

/* Not freed: that would scrub a gibibyte. */
static void leaves_are_as_large_as_can_be(void **state)
{
    uint64_t memory = 2 * GIB + 4 * MIB + 12288;

    (void)state;
    make_vm(POOL_SIZE, memory);
    assert_int_equal(ram_add(&vm), 0);
    expect_level(0, 2);
    expect_level(2 * GIB - 1, 2);
    expect_level(2 * GIB, 1);
    expect_level(2 * GIB + 4 * MIB - 1, 1);
    expect_level(2 * GIB + 4 * MIB, 0);
    expect_end(memory);
    assert_int_equal(vm.gstage.tables, 2);
}

static void all_of_it_comes_back(void **state)
{
    const uint64_t memories[] = {PAGE_SIZE, 2 * MIB, 3 * MIB - PAGE_SIZE, 7 * MIB + 5 * PAGE_SIZE};

    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(memories); i++) {
        make_vm(32 * MIB, memories[i]);
        uint64_t before = pages_free_count();

        assert_int_equal(ram_add(&vm), 0);
        expect_end(memories[i]);
        assert_int_equal(pages_free_count() + vm.gstage.tables, before - memories[i] / PAGE_SIZE);
        ram_free(&vm);
        gstage_destroy(&vm.gstage);
        assert_int_equal(pages_free_count(), before + 4); /* the root's */
    }
}

/* Only single pages are left: they must do. */
static void small_grained_memory_will_do(void **state)
{
    static hpa_t pages[4096];
    unsigned count = 0;
    uint64_t before;

    (void)state;
    make_vm(16 * MIB, 2 * MIB);
    while ((pages[count] = pages_alloc(0, PAGES_OWNER_HYP)))
        count++;
    for (unsigned i = 0; i < count; i += 2)
        pages_free(pages[i], 0);
    before = pages_free_count();
    assert_int_equal(ram_add(&vm), 0);
    expect_level(0, 0);
    expect_level(2 * MIB - 1, 0);
    expect_end(2 * MIB);
    ram_free(&vm);
    gstage_destroy(&vm.gstage);
    assert_int_equal(pages_free_count(), before + 4);
}

/* Whatever runs out first, pages or tables: what was added can be freed. */
static void too_little_memory_is_undone(void **state)
{
    unsigned failed = 0, done = 0;

    (void)state;
    for (uint64_t pages = 12; pages < 80; pages++) {
        make_vm(pages * PAGE_SIZE, 60 * PAGE_SIZE);
        uint64_t before = pages_free_count();

        if (ram_add(&vm) == 0)
            done++;
        else
            failed++;
        ram_free(&vm);
        gstage_destroy(&vm.gstage);
        assert_int_equal(pages_free_count(), before + 4);
    }
    assert_true(failed > 40 && done > 5);
}

/* The last page became RAM, and its tables find none: it is given back at once. */
static void without_pages_for_tables_it_fails(void **state)
{
    (void)state;
    for (uint64_t left = 0; left < 4; left++) {
        make_vm(1 * MIB, PAGE_SIZE);
        while (pages_free_count() > left)
            pages_alloc(0, PAGES_OWNER_HYP);
        assert_int_equal(ram_add(&vm), left < 3 ? ERR_NO_MEMORY : 0);
        if (left < 3)
            assert_int_equal(pages_free_count(), left);
        ram_free(&vm);
        gstage_destroy(&vm.gstage);
        assert_int_equal(pages_free_count(), left + 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_are_as_large_as_can_be),
        cmocka_unit_test(all_of_it_comes_back),
        cmocka_unit_test(small_grained_memory_will_do),
        cmocka_unit_test(too_little_memory_is_undone),
        cmocka_unit_test(without_pages_for_tables_it_fails),
    };

    return cmocka_run_group_tests(tests, reserve, unreserve);
}
