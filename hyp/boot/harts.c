/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bringing the other harts up: SBI 9.1 (HART start). Comes before the first VM is built, so that
 * vCPUs can be given their homes.
 */
#include "boot/harts.h"

#include "boot/hyp_map.h"
#include "boot/panic.h"
#include "lib/args.h"
#include "lib/assert.h"
#include "lib/print.h"
#include "lib/string.h"
#include "mem/pages.h"
#include "platform.h"
#include "riscv/caps.h"
#include "riscv/hart.h"
#include "sched/balance.h"
#include "sched/queue.h"

/* A hart's block of pages, from below: a guard page, its stack, then one page that holds the fault
 * stack and, at its start, struct hart. */
#define BLOCK_ORDER 3
#define STACK_END   (7 * PAGE_SIZE)
#define BLOCK_END   (8 * PAGE_SIZE)

#define START_SECONDS 2

struct hart boot_hart;

static unsigned hart_count;
static bool is_released; /* atomic */

extern char start_secondary[];

static struct hart *new_hart(uint64_t hartid)
{
    hpa_t block = pages_alloc(BLOCK_ORDER, PAGES_OWNER_HYP);
    struct hart *hart = (struct hart *)(block + STACK_END);
    uint64_t *top = (uint64_t *)(block + BLOCK_END - 16);

    if (!block)
        return NULL;
    memset(hart, 0, sizeof(*hart));
    queue_init(hart, hartid, hart_count, boot_hart.policy);
    hart->head.fault_stack = block + BLOCK_END;
    *top = block + STACK_END; /* start.S takes its stack pointer from here */
    hyp_map_guard(block);
    return hart;
}

static bool wait_for_report(const struct hart *hart)
{
    uint64_t end = csr_read(time) + (uint64_t)START_SECONDS * caps.timebase;

    while (!__atomic_load_n(&hart->is_up, __ATOMIC_SEQ_CST)) {
        if (csr_read(time) > end)
            return false;
    }
    return true;
}

static void start_hart(uint64_t hartid)
{
    struct hart *hart;
    struct sbi_ret ret;

    if (hartid == boot_hart.head.hartid)
        return;
    hart = new_hart(hartid);
    if (!hart) {
        print("understudy: hart %lu is left out: no memory for its stack\n", hartid);
        return;
    }
    hart_fence();
    ret = hart_ecall(SBI_EXT_HSM, SBI_HSM_HART_START, hartid, (uint64_t)start_secondary,
                     (uint64_t)hart);
    if (ret.error || !wait_for_report(hart)) {
        print("understudy: hart %lu is left out: it does not start (%ld)\n", hartid, ret.error);
        return;
    }
    hart_count++;
    balance_join(hart);
}

/* `sched=NAME` among our boot arguments. */
static const struct policy *choose_policy(void)
{
    const struct policy *policy = &fair_policy;
    size_t length;
    const char *name = args_find(platform.bootargs, "sched", &length);

    if (name)
        policy = policy_find(name, length);
    if (!policy)
        refuse("sched= names no policy; there are fair and round-robin");
    return policy;
}

void harts_start(void)
{
    queue_init(&boot_hart, boot_hart.head.hartid, 0, choose_policy());
    balance_join(&boot_hart);
    hart_count = 1;
    platform_harts(start_hart);
}

void harts_report(struct hart *hart)
{
    __atomic_store_n(&hart->is_up, true, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&is_released, __ATOMIC_SEQ_CST))
        continue;
    hart_sfence_vma(); /* the guard pages of the harts that came later */
}

void harts_release(void)
{
    __atomic_store_n(&is_released, true, __ATOMIC_SEQ_CST);
}
