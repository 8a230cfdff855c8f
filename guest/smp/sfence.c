// SPDX-License-Identifier: BSD-2-Clause
/*
 * A page table that all harts use, and one or all change. SBI 8.2 (Remote SFENCE.VMA), 8.3 (with
 * ASID).
 */
#include "lib/table.h"
#include "smp/smp.h"

#define ROUNDS 100
#define WINDOW 0x100000000UL /* the address whose page is exchanged */
#define ASID   7

static const struct fence {
    uint64_t start, size;
    bool with_asid;
    bool with_self; /* the caller's own hart is in the mask, and fences by nothing else */
    const char *name;
} fences[] = {
    {WINDOW, PAGE_SIZE, false, false, "the page"},
    {WINDOW + 8, 1, false, false, "one byte of the page"},
    {WINDOW - 1, 2, false, false, "two bytes, the second one in the page"},
    {WINDOW - 4 * PAGE_SIZE, 8 * PAGE_SIZE, false, false, "a range around the page"},
    {WINDOW - 100 * PAGE_SIZE, 200 * PAGE_SIZE, false, false, "a long range around the page"},
    {0, 0, false, false, "start 0 and size 0"},
    {0, UINT64_MAX, false, false, "size -1"},
    {WINDOW, PAGE_SIZE, true, false, "the page in one ASID"},
    {0, UINT64_MAX, true, false, "all of one ASID"},
    {WINDOW, PAGE_SIZE, true, true, "the page in one ASID, with the caller in the mask"},
};

static uint64_t *root;
static uint64_t *contents[2]; /* the pages that take turns */
static uint64_t leader;
static const struct fence *fence_now;
static unsigned wrong, refused, late;

static void fence_remote(uint64_t mask, uint64_t start, uint64_t size, bool with_asid)
{
    struct sbi_ret ret = with_asid ? sbi_remote_sfence_vma_asid(mask, 0, start, size, ASID)
                                   : sbi_remote_sfence_vma(mask, 0, start, size);

    if (ret.error != SBI_SUCCESS)
        __atomic_fetch_add(&refused, 1, __ATOMIC_RELAXED);
}

static void exchange(unsigned round)
{
    uint64_t mask = other_harts();

    table_map(root, WINDOW, contents[round % 2], 0, PTE_READ);
    if (fence_now->with_self)
        mask |= BIT(leader);
    else
        hart_sfence_vma();
    fence_remote(mask, fence_now->start, fence_now->size, fence_now->with_asid);
}

static void space_enter(void)
{
    csr_write(satp, table_satp(root, SATP_MODE_SV39, ASID));
    hart_sfence_vma();
}

static void space_leave(void)
{
    csr_write(satp, 0);
    hart_sfence_vma();
}

/* Each hart has the page of the round before in its TLB when the leader exchanges it. */
static void run_rounds(void)
{
    const volatile uint64_t *window = (const volatile uint64_t *)WINDOW;

    space_enter();
    for (unsigned round = 0; round < ROUNDS; round++) {
        if (hart_self()->id == leader)
            exchange(round);
        bool met = harts_meet(SMP_HARTS);

        if (met && *window != round % 2)
            __atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
        if (!met || !harts_meet(SMP_HARTS)) {
            __atomic_fetch_add(&late, 1, __ATOMIC_RELAXED);
            break;
        }
    }
    space_leave();
}

/* The page that hart `id` exchanges when all do. */
static uint64_t own_page(uint64_t id)
{
    return WINDOW + id * PAGE_SIZE;
}

static unsigned count_old(unsigned round)
{
    unsigned old = 0;

    for (uint64_t id = 0; id < SMP_HARTS; id++)
        old += *(const volatile uint64_t *)own_page(id) != round % 2;
    return old;
}

/* All exchange a page of their own at once and fence it on the others: the calls cross. */
static void run_crossing_rounds(void)
{
    uint64_t id = hart_self()->id;

    space_enter();
    for (unsigned round = 0; round < ROUNDS; round++) {
        table_map(root, own_page(id), contents[round % 2], 0, PTE_READ);
        hart_sfence_vma();
        fence_remote(other_harts(), own_page(id), PAGE_SIZE, id % 2);
        bool met = harts_meet(SMP_HARTS);

        if (met)
            __atomic_fetch_add(&wrong, count_old(round), __ATOMIC_RELAXED);
        if (!met || !harts_meet(SMP_HARTS)) {
            __atomic_fetch_add(&late, 1, __ATOMIC_RELAXED);
            break;
        }
    }
    space_leave();
}

static void check_crossing(void)
{
    for (uint64_t id = 0; id < SMP_HARTS; id++)
        table_map(root, own_page(id), contents[1], 0, PTE_READ);
    wrong = 0;
    harts_run(run_crossing_rounds);
    tap_equal(wrong, 0, "%d times so when all exchange a page and fence it at once", ROUNDS);
}

void sfence_test(void)
{
    root = table_new();
    contents[0] = page_new();
    contents[1] = page_new();
    *contents[1] = 1;
    table_map(root, WINDOW, contents[1], 0, PTE_READ);
    leader = hart_self()->id;
    for (unsigned i = 0; i < ARRAY_SIZE(fences); i++) {
        fence_now = &fences[i];
        wrong = 0;
        harts_run(run_rounds);
        tap_equal(wrong, 0, "%d times all see an exchanged page, after a remote sfence.vma of %s",
                  ROUNDS, fences[i].name);
    }
    check_crossing();
    tap_equal(refused + late, 0, "no fence was refused, no hart was late");
}
