// SPDX-License-Identifier: BSD-2-Clause
/*
 * Pages supplied late: zeros on the first store, and a page shared by two spaces until one of
 * them writes (copy-on-write).
 */
#include "paging/paging.h"
#include "paging/user.h"

#define PAGES       64
#define PARENT_ASID 8
#define CHILD_ASID  9
#define OLD         0x01d01d01dUL
#define NEW         0x4e4e4e4e4UL

static struct trap_frame frame;

/* Runs the program until it traps; 0 where it reached its end. */
static uint64_t run(void)
{
    trap_user_run(&frame);
    if (frame.scause == CAUSE_ECALL_U && frame.x[REG_A7] == SYS_DONE)
        return 0;
    return frame.scause;
}

static void program(const char *name, uint64_t a0, uint64_t a1)
{
    trap_user_init(&frame, user_address(name), 0);
    frame.x[REG_A0] = a0;
    frame.x[REG_A1] = a1;
}

static void check_zeros(void)
{
    uint64_t *root = user_space_new(), *pages[PAGES] = {0};
    unsigned faults = 0, good = 0;

    user_space_enter(root, PARENT_ASID);
    program(user_fill, USER_HEAP, PAGES);
    while (run() == CAUSE_STORE_PAGE_FAULT && faults < PAGES &&
           frame.stval == USER_HEAP + faults * PAGE_SIZE) {
        pages[faults] = page_new();
        table_map(root, frame.stval, pages[faults++], 0, PTE_WRITE | PTE_U);
        user_space_fence(frame.stval, PARENT_ASID);
    }
    tap_equal(faults, PAGES, "%d pages filled: a store page fault each, in order", PAGES);
    while (good < PAGES && pages[good] && *pages[good] == good)
        good++;
    tap_equal(good, PAGES, "the store that faulted is done again, once");
}

static bool shared_reads(const uint64_t *root, uint64_t asid, uint64_t expected)
{
    user_space_enter(root, asid);
    program(user_load, USER_DATA, 0);
    return run() == 0 && frame.x[REG_A0] == expected;
}

static void check_copy_on_write(void)
{
    uint64_t *parent = user_space_new(), *child = user_space_new();
    uint64_t *shared = page_new(), *copy = page_new();

    *shared = OLD;
    table_map(parent, USER_DATA, shared, 0, PTE_READ | PTE_U);
    table_map(child, USER_DATA, shared, 0, PTE_READ | PTE_U);
    user_space_fence(USER_DATA, PARENT_ASID);
    user_space_fence(USER_DATA, CHILD_ASID);
    tap_ok(shared_reads(parent, PARENT_ASID, OLD) && shared_reads(child, CHILD_ASID, OLD),
           "two spaces read one page");

    user_space_enter(child, CHILD_ASID);
    program(user_store, USER_DATA, NEW);
    bool faulted = run() == CAUSE_STORE_PAGE_FAULT && frame.stval == USER_DATA;

    *copy = *shared;
    table_map(child, USER_DATA, copy, 0, PTE_WRITE | PTE_U);
    user_space_fence(USER_DATA, CHILD_ASID);
    tap_ok(faulted && run() == 0, "a store to it faults, and succeeds once there is a copy");
    tap_ok(shared_reads(child, CHILD_ASID, NEW) && shared_reads(parent, PARENT_ASID, OLD),
           "the writer reads the new word, the other space the old");
}

void demand_test(void)
{
    check_zeros();
    check_copy_on_write();
    user_space_enter(kernel_root, 0);
}
