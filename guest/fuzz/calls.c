// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random SBI calls. Kept back is what the machine or its only hart would not survive: shutdown and
 * reset with a type that exists, hart_stop, and a resume at code that is none. Memory that a call
 * may write is a step's own, and what it may print is text.
 */
#include "fuzz/fuzz.h"
#include "riscv/sbi.h"

enum { A0 = REG_A0, A1, A2, A3, A4, A5, A6, A7 };

/* A guest physical address: of our scratch pages, or where nothing of ours is. */
static uint64_t call_address(void)
{
    switch (random_below(8)) {
    case 0:
    case 1:
        return windows_text() + random_below(2 * PAGE_SIZE);
    case 2:
        return windows_data() + 64 * random_below(PAGE_SIZE / 64);
    case 3:
        return 0x10000000 + random_below(0x2000);
    case 4:
        return random_below(0x80000000);
    case 5:
        return -random_below(PAGE_SIZE) - 1;
    case 6:
        return BIT(32 + random_below(32));
    default:
        return random_below(4);
    }
}

static uint64_t call_number(void)
{
    switch (random_below(6)) {
    case 0:
        return random_u64();
    case 1:
        return -random_below(4);
    case 2:
        return BIT(random_below(64));
    case 3:
        return call_address();
    default:
        return random_below(20);
    }
}

static uint64_t call_id(void)
{
    static const uint32_t ids[] = {
        SBI_EXT_BASE, SBI_EXT_TIME, SBI_EXT_IPI, SBI_EXT_RFENCE, SBI_EXT_HSM,
        SBI_EXT_SRST, SBI_EXT_DBCN, SBI_EXT_PMU, SBI_EXT_STA,    SBI_EXT_FWFT,
    };

    if (random_one_in(8))
        return random_one_in(2) ? random_u64() : random_below(16);
    return ids[random_below(ARRAY_SIZE(ids))];
}

/* Harts that there are, more often than chance would name them. */
static void name_harts(uint64_t *x)
{
    x[A0] = 1;
    x[A1] = random_one_in(2) ? 0 : -1UL;
}

static void tame_hsm(uint64_t *x)
{
    if (x[A6] == SBI_HSM_HART_STOP)
        x[A6] = SBI_HSM_HART_SUSPEND;
    if (x[A6] == SBI_HSM_HART_SUSPEND && random_one_in(2))
        x[A0] = random_one_in(2) ? SBI_HSM_SUSPEND_RETENTIVE : SBI_HSM_SUSPEND_NON_RETENTIVE;
    x[A1] = random_one_in(2) ? (uint64_t)step_resume : BIT(32 + random_below(32)) + random_below(4);
}

static void tame_dbcn(uint64_t *x)
{
    if (x[A6] == SBI_DBCN_WRITE_BYTE)
        x[A0] = '.';
    x[A1] = call_address();
    if (x[A1] - windows_data() < 2 * PAGE_SIZE)
        x[A6] = SBI_DBCN_READ;
}

static void tame_legacy(uint64_t *x)
{
    if (x[A7] == SBI_LEGACY_SHUTDOWN)
        x[A7] = SBI_LEGACY_SET_TIMER;
    if (x[A7] == SBI_LEGACY_CONSOLE_PUTCHAR)
        x[A0] = '.';
    if (x[A7] >= SBI_LEGACY_SEND_IPI) /* a mask in virtual memory */
        x[A0] = windows_address(false);
}

static void tame(uint64_t *x)
{
    if (x[A7] <= SBI_LEGACY_SHUTDOWN)
        tame_legacy(x);
    else if (x[A7] == SBI_EXT_SRST)
        x[A0] = (uint32_t)x[A0] > SBI_SRST_WARM_REBOOT ? x[A0] : x[A0] + 3;
    else if (x[A7] == SBI_EXT_HSM)
        tame_hsm(x);
    else if (x[A7] == SBI_EXT_DBCN)
        tame_dbcn(x);
    else if ((x[A7] == SBI_EXT_IPI || x[A7] == SBI_EXT_RFENCE) && random_one_in(2))
        name_harts(x);
    else if (x[A7] == SBI_EXT_STA)
        x[A0] = call_address();
}

void calls_random(struct trap_frame *frame)
{
    for (unsigned i = A0; i <= A5; i++)
        frame->x[i] = call_number();
    frame->x[A6] = random_one_in(8) ? random_u64() : random_below(9);
    frame->x[A7] = call_id();
    tame(frame->x);
}
