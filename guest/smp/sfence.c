// SPDX-License-Identifier: BSD-2-Clause
/*
 * A page table that all harts use and one changes. SBI 8.2 (Remote SFENCE.VMA), 8.3 (with ASID).
 */
#include "lib/table.h"
#include "smp/smp.h"

#define ROUNDS 100
#define WINDOW 0x100000000UL /* the address whose page is exchanged */
#define ASID   7

static const struct fence {
    uint64_t start, size;
    bool with_asid;
    const char *name;
} fences[] = {
    {WINDOW, PAGE_SIZE, false, "the page"},
    {WINDOW + 8, 1, false, "one byte of the page"},
    {WINDOW - 4 * PAGE_SIZE, 8 * PAGE_SIZE, false, "a range around the page"},
    {0, 0, false, "start 0 and size 0"},
    {0, UINT64_MAX, false, "size -1"},
    {WINDOW, PAGE_SIZE, true, "the page in one ASID"},
};

static uint64_t *root;
static uint64_t *contents[2]; /* the pages that take turns */
static uint64_t leader, mask;
static const struct fence *fence_now;
static unsigned wrong, refused, late;

static void exchange(unsigned round)
{
    struct sbi_ret ret;

    table_map(root, WINDOW, contents[round % 2], 0, PTE_READ);
    hart_sfence_vma();
    if (fence_now->with_asid)
        ret = sbi_remote_sfence_vma_asid(mask, 0, fence_now->start, fence_now->size, ASID);
    else
        ret = sbi_remote_sfence_vma(mask, 0, fence_now->start, fence_now->size);
    refused += ret.error != SBI_SUCCESS;
}

/* Each hart has the page of the round before in its TLB when the leader exchanges it. */
static void run_rounds(void)
{
    const volatile uint64_t *window = (const volatile uint64_t *)WINDOW;

    csr_write(satp, table_satp(root, SATP_MODE_SV39, ASID));
    hart_sfence_vma();
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
    csr_write(satp, 0);
    hart_sfence_vma();
}

void sfence_test(void)
{
    root = table_new();
    contents[0] = page_new();
    contents[1] = page_new();
    *contents[1] = 1;
    table_map(root, WINDOW, contents[1], 0, PTE_READ);
    leader = hart_self()->id;
    mask = other_harts();
    for (unsigned i = 0; i < ARRAY_SIZE(fences); i++) {
        fence_now = &fences[i];
        wrong = 0;
        harts_run(run_rounds);
        tap_equal(wrong, 0, "%d times all see an exchanged page, after a remote sfence.vma of %s",
                  ROUNDS, fences[i].name);
    }
    tap_equal(refused + late, 0, "no fence was refused, no hart was late");
}
