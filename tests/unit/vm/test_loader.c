/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Places of kernel, ramdisk and device tree in memories of all sizes, and the copies.
 */
#include "vm/loader.h"

#include "guest_ram.h"

#define KERNEL_SIZE 70000
#define FDT_ROOM    12288

static uint8_t kernel[KERNEL_SIZE];
static uint8_t ramdisk[30000];
static uint8_t fdt[4000];
static struct vm_config config;
static struct loader_plan plan;
static struct refusal refusal;

static int make_config(void **state)
{
    (void)state;
    memset(kernel, 0x11, sizeof(kernel));
    memset(ramdisk, 0x22, sizeof(ramdisk));
    memset(fdt, 0x33, sizeof(fdt));
    config = (struct vm_config){
        .memory = 64 * MIB,
        .kernel = kernel,
        .kernel_size = sizeof(kernel),
        .kernel_is_raw = true,
        .ramdisk = ramdisk,
        .ramdisk_size = sizeof(ramdisk),
    };
    return 0;
}

static bool is_disjoint(gpa_t a, uint64_t a_size, gpa_t b, uint64_t b_size)
{
    return a + a_size <= b || b + b_size <= a;
}

static void check_places(void)
{
    assert_true(range_within(plan.kernel.start, plan.kernel.size, BOARD_RAM_BASE, config.memory));
    assert_true(range_within(plan.fdt, plan.fdt_room, BOARD_RAM_BASE, config.memory));
    assert_int_equal(plan.fdt % PAGE_SIZE, 0);
    assert_true(is_disjoint(plan.kernel.start, plan.kernel.size, plan.fdt, plan.fdt_room));
    if (!config.ramdisk) {
        assert_int_equal(plan.ramdisk, 0);
        return;
    }
    assert_true(range_within(plan.ramdisk, config.ramdisk_size, BOARD_RAM_BASE, config.memory));
    assert_int_equal(plan.ramdisk % PAGE_SIZE, 0);
    assert_true(is_disjoint(plan.ramdisk, config.ramdisk_size, plan.fdt, plan.fdt_room));
    assert_true(
        is_disjoint(plan.ramdisk, config.ramdisk_size, plan.kernel.start, plan.kernel.size));
}

static void expect_places(gpa_t fdt_place, gpa_t ramdisk_place)
{
    assert_int_equal(loader_plan(&config, FDT_ROOM, &plan, &refusal), 0);
    assert_int_equal(plan.kernel.start, 0x80200000);
    assert_int_equal(plan.fdt, fdt_place);
    assert_int_equal(plan.ramdisk, ramdisk_place);
    assert_int_equal(plan.fdt_room, FDT_ROOM);
    check_places();
}

static void expect_refusal(const char *text)
{
    assert_int_equal(loader_plan(&config, FDT_ROOM, &plan, &refusal), ERR_RANGE);
    assert_string_equal(refusal.text, text);
}

static void both_go_high(void **state)
{
    (void)state;
    expect_places(0x83e00000, 0x83e00000 - 8 * PAGE_SIZE);
    config.ramdisk = NULL;
    config.ramdisk_size = 0;
    expect_places(0x83e00000, 0);
}

static void the_tree_stays_in_the_first_gigabyte(void **state)
{
    (void)state;
    config.memory = 1024 * MIB;
    expect_places(0xbfe00000, 0xbfe00000 - 8 * PAGE_SIZE);
    config.memory = 8192 * MIB;
    expect_places(0xbfe00000, 0xbfe00000 - 8 * PAGE_SIZE);
    config.ramdisk_size = 1500 * MIB;
    expect_places(0xbfe00000, 0x80000000 + (8192 - 1500) * MIB);
    /* No kernel leaves room there. */
    config.kernel_size = 1023 * MIB;
    expect_places(0x80000000 + 8190 * MIB, 0x80000000 + (8190 - 1500) * MIB);
}

static void a_small_memory_needs_finer_places(void **state)
{
    (void)state;
    /* The tree at the last 2 MiB would cut the kernel. */
    config.memory = 4 * MIB;
    expect_places(0x80400000 - FDT_ROOM, 0x80400000 - FDT_ROOM - 8 * PAGE_SIZE);
    /* A ramdisk that needs what is behind the tree's coarse place. */
    config.memory = 64 * MIB;
    config.ramdisk_size = 61 * MIB;
    expect_places(0x84000000 - FDT_ROOM, 0x80000000 + 3 * MIB - FDT_ROOM);
}

static void below_the_kernel_is_the_last_resort(void **state)
{
    (void)state;
    config.memory = 2 * MIB + align_up(KERNEL_SIZE, PAGE_SIZE);
    expect_places(0x80200000 - FDT_ROOM, 0x80200000 - FDT_ROOM - 8 * PAGE_SIZE);
    config.ramdisk_size = 2 * MIB - FDT_ROOM;
    expect_places(0x80200000 - FDT_ROOM, 0x80000000);
    config.ramdisk_size++;
    expect_refusal("kernel (70000 bytes), ramdisk (2084865 bytes) and device tree do not fit "
                   "together into the VM's memory (2170880 bytes)");
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    config.ramdisk_size = 64 * MIB + 1;
    expect_refusal("ramdisk (67108865 bytes) is larger than the VM's memory (67108864 bytes)");
    config.ramdisk_size = UINT64_MAX;
    expect_refusal("ramdisk (18446744073709551615 bytes) is larger than the VM's memory "
                   "(67108864 bytes)");
    config.ramdisk_size = 64 * MIB;
    expect_refusal("kernel (70000 bytes), ramdisk (67108864 bytes) and device tree do not fit "
                   "together into the VM's memory (67108864 bytes)");
    config.ramdisk = NULL;
    config.ramdisk_size = 0;
    assert_int_equal(loader_plan(&config, 65 * MIB, &plan, &refusal), ERR_RANGE);
    config.memory = 2 * MIB;
    expect_refusal("kernel (70000 bytes, 0x200000 behind the start of RAM) passes the VM's memory "
                   "(2097152 bytes)");
}

static void any_sizes_stay_apart(void **state)
{
    uint64_t random = 20260304;
    unsigned planned = 0;

    (void)state;
    for (unsigned run = 0; run < 20000; run++) {
        random = random * 6364136223846793005UL + 1442695040888963407UL;
        config.memory = (512 + (random >> 40) % 4096) * PAGE_SIZE << run % 8;
        config.kernel_size = (random >> 20) % config.memory + 1;
        config.ramdisk_size = (random >> 12) % config.memory + 1;
        if (loader_plan(&config, 4096 + (random >> 50), &plan, &refusal) == 0) {
            planned++;
            check_places();
        }
    }
    assert_in_range(planned, 4000, 16000);
}

static void all_three_are_copied(void **state)
{
    uint64_t used = align_up(sizeof(ramdisk), PAGE_SIZE);

    (void)state;
    make_ram(config.memory);
    assert_int_equal(loader_plan(&config, FDT_ROOM, &plan, &refusal), 0);
    assert_int_equal(loader_copy(&config, &plan, NULL, fdt, sizeof(fdt)), 0);
    assert_true(ram_is(0x80000000, 2 * MIB, GARBAGE));
    assert_true(ram_is(0x80200000, KERNEL_SIZE, 0x11));
    assert_true(
        ram_is(0x80200000 + KERNEL_SIZE, plan.fdt - used - 0x80200000 - KERNEL_SIZE, GARBAGE));
    assert_true(ram_is(plan.ramdisk, sizeof(ramdisk), 0x22));
    assert_true(ram_is(plan.fdt, sizeof(fdt), 0x33));
    assert_true(ram_is(plan.fdt + sizeof(fdt), 1 * MIB, GARBAGE));
}

static void copies_stay_inside(void **state)
{
    (void)state;
    assert_int_equal(loader_plan(&config, FDT_ROOM, &plan, &refusal), 0);
    make_ram(config.memory);
    assert_int_equal(loader_copy(&config, &plan, NULL, fdt, FDT_ROOM + 1), ERR_RANGE);
    make_ram(1 * MIB);
    assert_int_equal(loader_copy(&config, &plan, NULL, fdt, sizeof(fdt)), ERR_RANGE);
    make_ram(32 * MIB);
    assert_int_equal(loader_copy(&config, &plan, NULL, fdt, sizeof(fdt)), ERR_RANGE);
    config.ramdisk = NULL;
    assert_int_equal(loader_copy(&config, &plan, NULL, fdt, sizeof(fdt)), ERR_RANGE);
}

#define LOADER_TEST(test) cmocka_unit_test_setup_teardown(test, make_config, drop_ram)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOADER_TEST(both_go_high),
        LOADER_TEST(the_tree_stays_in_the_first_gigabyte),
        LOADER_TEST(a_small_memory_needs_finer_places),
        LOADER_TEST(below_the_kernel_is_the_last_resort),
        LOADER_TEST(what_does_not_fit_is_refused),
        LOADER_TEST(any_sizes_stay_apart),
        LOADER_TEST(all_three_are_copied),
        LOADER_TEST(copies_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
