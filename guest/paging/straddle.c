// SPDX-License-Identifier: BSD-2-Clause
/*
 * Accesses that are not aligned, and those that lie on two pages. The hart may do a misaligned
 * access or raise 4 or 6, upon which we do it here by bytes, as an OS would.
 */
#include "paging/paging.h"
#include "riscv/hart.h"

#define BORDER   (WINDOW + PAGE_SIZE)
#define INSN_LI  0x04d00513 /* addi a0, zero, 77: four bytes, to be split */
#define INSN_RET 0x8082     /* c.ret */

static uint8_t *low, *high; /* the pages below and above the border, physically not in order */

static bool load(uint64_t va, uint64_t *value)
{
    struct trap_seen seen = trap_try(access_ld, va, 0);

    *value = seen.value;
    if (trap_is(&seen, CAUSE_LOAD_MISALIGNED) && seen.tval == va) {
        *value = 0;
        for (unsigned i = 0; i < 8; i++)
            *value |= (uint64_t)((const volatile uint8_t *)va)[i] << 8 * i;
        return true;
    }
    return !seen.taken;
}

static bool store(uint64_t va, uint64_t value)
{
    struct trap_seen seen = trap_try(access_sd, va, value);

    if (trap_is(&seen, CAUSE_STORE_MISALIGNED) && seen.tval == va) {
        for (unsigned i = 0; i < 8; i++)
            ((volatile uint8_t *)va)[i] = (uint8_t)(value >> 8 * i);
        return true;
    }
    return !seen.taken;
}

/* A byte of the pattern in which each byte is its own offset from the border, plus 8. */
static void check_both_mapped(void)
{
    uint64_t value, expected = 0x0706050403020100;
    unsigned good_loads = 0, good_stores = 0;

    for (unsigned i = 0; i < 8; i++) {
        low[PAGE_SIZE - 8 + i] = (uint8_t)i;
        high[i] = (uint8_t)(8 + i);
    }
    for (unsigned i = 1; i < 8; i++, expected += 0x0101010101010101)
        good_loads += load(BORDER - 8 + i, &value) && value == expected + 0x0101010101010101;
    tap_equal(good_loads, 7, "a load over the border of two pages finds its bytes in both");
    for (unsigned i = 1; i < 8; i++)
        good_stores += store(BORDER - i, 0xa8a7a6a5a4a3a2a1) && low[PAGE_SIZE - i] == 0xa1 &&
                       high[7 - i] == 0xa8;
    tap_equal(good_stores, 7, "a store over the border puts its bytes in both");
}

static void check_within(void)
{
    unsigned good = 0;
    uint64_t value;

    for (unsigned i = 1; i < 8; i++)
        good += store(WINDOW + i, i * 0x123456789) && load(WINDOW + i, &value) &&
                value == i * 0x123456789;
    tap_equal(good, 7, "misaligned stores and loads within a page work, or can be helped");
}

/* The part that faults lies in the second page; a misaligned trap has priority where there is
 * one. Priv 12.1.9 (stval): "the portion of the access that caused the fault". */
static bool faults_at_border(trap_try_fn *access, uint64_t cause, uint64_t misaligned)
{
    struct trap_seen seen = trap_try(access, BORDER - 4, 0);

    if (trap_is(&seen, cause) && seen.tval == BORDER && seen.epc == (uint64_t)access)
        return true;
    tap_diag("trap %d, cause %lu, tval %lx", seen.taken, seen.cause, seen.tval);
    return trap_is(&seen, misaligned) && seen.tval == BORDER - 4;
}

static void check_one_mapped(void)
{
    window_map(BORDER, high, 0);
    bool loads = faults_at_border(access_ld, CAUSE_LOAD_PAGE_FAULT, CAUSE_LOAD_MISALIGNED);

    window_map(BORDER, high, PTE_READ);
    tap_ok(faults_at_border(access_sd, CAUSE_STORE_PAGE_FAULT, CAUSE_STORE_MISALIGNED) && loads,
           "if the second page forbids it, stval is the first byte there");
}

static void check_instruction(void)
{
    uint16_t *first = (uint16_t *)&low[PAGE_SIZE - 2], *rest = (uint16_t *)high;
    struct trap_seen seen;

    *first = INSN_LI & 0xffff;
    rest[0] = INSN_LI >> 16;
    rest[1] = INSN_RET;
    hart_fence_i();
    window_map(WINDOW, low, PTE_ALL);
    window_map(BORDER, high, PTE_ALL);
    tap_ok(access_gives(access_jump, BORDER - 2, 77), "an instruction on two pages runs");
    window_map(BORDER, high, PTE_WRITE);
    seen = trap_try(access_jump, BORDER - 2, 0);
    if (!tap_ok(trap_is(&seen, CAUSE_INSN_PAGE_FAULT) && seen.epc == BORDER - 2 &&
                    seen.tval == BORDER,
                "if its second half cannot be fetched, stval is that half and sepc the first"))
        tap_diag("cause %lu tval %lx epc %lx", seen.cause, seen.tval, seen.epc);
}

void straddle_test(void)
{
    high = (uint8_t *)page_new();
    low = (uint8_t *)page_new();
    window_map(WINDOW, low, PTE_WRITE);
    window_map(BORDER, high, PTE_WRITE);
    check_within();
    check_both_mapped();
    check_one_mapped();
    check_instruction();
    window_map(WINDOW, low, 0);
    window_map(BORDER, high, 0);
}
