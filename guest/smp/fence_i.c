// SPDX-License-Identifier: BSD-2-Clause
/*
 * Code that one hart rewrites and the others run. SBI 8.1 (Remote FENCE.I).
 */
#include "smp/smp.h"

#define ROUNDS 100

#define INSN_LI_A0(n) (0x00000513 | (uint32_t)(n) << 20) /* addi a0, zero, n */
#define INSN_RET      0x00008067                         /* jalr zero, 0(ra) */

/* On a page of its own, which the leader never fetches from. See run_rounds. */
static uint32_t code[1024] __attribute__((aligned(4096)));
static uint64_t leader;
static uint64_t fence_mask, fence_base;
static unsigned wrong, refused, late; /* rounds: old code run, fence refused, harts missing */
static uint64_t last_wrong[3];        /* who ran what instead of what */

static void rewrite(unsigned value)
{
    code[0] = INSN_LI_A0(value);
    code[1] = INSN_RET;
    hart_fence(); /* the code is in memory before the others fence */
    hart_fence_i();
    if (sbi_remote_fence_i(fence_mask, fence_base).error)
        __atomic_fetch_add(&refused, 1, __ATOMIC_RELAXED);
}

static void run_and_compare(uint64_t round)
{
    uint64_t (*function)(void) = (void *)code;
    uint64_t value = function();

    if (value != round) {
        __atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
        last_wrong[0] = hart_self()->id;
        last_wrong[1] = value;
        last_wrong[2] = round;
    }
}

/*
 * All harts: the leader writes, the others run, and nobody writes before all have run. The leader
 * does not run: where it fills its TLB for a fetch while another hart translates the code first,
 * QEMU 10.0.2 can leave it an entry whose stores do not end what was translated. In a VM each exit
 * empties the TLB; natively 0 of 200,000 rounds ran old code, but 23 and 26 with an sfence.vma in
 * each.
 */
static void run_rounds(void)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        if (hart_self()->id == leader)
            rewrite(round);
        bool met = harts_meet(SMP_HARTS);

        if (met && hart_self()->id != leader)
            run_and_compare(round);
        if (!met || !harts_meet(SMP_HARTS)) {
            __atomic_fetch_add(&late, 1, __ATOMIC_RELAXED);
            return;
        }
    }
}

static void run_on_all(void)
{
    wrong = 0;
    harts_run(run_rounds);
    if (wrong)
        tap_diag("hart %lu ran the code of round %lu in round %lu", last_wrong[0], last_wrong[1],
                 last_wrong[2]);
}

void fence_i_test(void)
{
    leader = hart_self()->id;
    fence_mask = other_harts();
    run_on_all();
    tap_equal(wrong, 0, "%d times the others run code just rewritten, after remote fence.i",
              ROUNDS);
    fence_mask = 0;
    fence_base = SBI_ALL_HARTS;
    run_on_all();
    tap_equal(wrong, 0, "and %d times after remote fence.i to all harts", ROUNDS);
    tap_equal(refused + late, 0, "no fence was refused, no hart was late");
}
