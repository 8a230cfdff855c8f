// SPDX-License-Identifier: BSD-2-Clause
/*
 * The page table of the steps. The kernel's text is there to run and to read only; everything
 * that a step is let near stands far away from it, behind addresses of its own.
 */
#include "fuzz/fuzz.h"
#include "lib/tap.h"
#include "riscv/csr.h"
#include "riscv/hart.h"

#define KERNEL_BASE 0x80200000UL
#define HOLE        0x20000000UL
#define UART        0x10000000UL
#define PLIC        0x0c000000UL
#define RTC         0x00101000UL
#define RAM_BEHIND  0x8f0000000UL /* far behind any RAM that a test has */
#define GPA_BEYOND  BIT(41)
#define GPA_HIGHEST (BIT(56) - PAGE_SIZE)

#define PTE_RWX PTE_ALL
#define PTE_RX  (PTE_READ | PTE_X)

extern const char user_end[], guest_end[]; /* linker/guest.ld: after .text; after all */

uint64_t step_satp;

static uint64_t *root, *code, *data[2], *text[2];

uint8_t *windows_code(void)
{
    return (uint8_t *)code;
}

uint64_t windows_data(void)
{
    return (uint64_t)data[0];
}

uint64_t windows_text(void)
{
    return (uint64_t)text[0];
}

uint64_t windows_satp(void)
{
    return step_satp;
}

/* Two pages that follow each other, as pages of RAM. */
static void new_pair(uint64_t *pair[2])
{
    pair[0] = page_new();
    pair[1] = page_new();
    if (pair[1] != pair[0] + PAGE_SIZE / 8)
        tap_fail();
}

static void map_kernel(void)
{
    for (uint64_t va = KERNEL_BASE; va < (uint64_t)guest_end; va += PAGE_SIZE)
        table_map(root, va, (const void *)va, 0, va < (uint64_t)user_end ? PTE_RX : PTE_WRITE);
}

static void map_page(uint64_t base, unsigned page, uint64_t gpa, uint64_t flags)
{
    table_map(root, base + page * PAGE_SIZE, (const void *)gpa, 0, flags);
}

static void map_code(uint64_t base, unsigned page, uint64_t user)
{
    map_page(base, page, (uint64_t)code, PTE_RX | user);
}

static void map_ram(uint64_t base, uint64_t user)
{
    static const uint8_t codes[] = {WINDOW_CODE, WINDOW_CODE + 1, WINDOW_CODE_HOLE,
                                    WINDOW_CODE_UART, WINDOW_CODE_NOTHING};

    for (unsigned i = 0; i < sizeof(codes); i++)
        map_code(base, codes[i], user);
    map_page(base, WINDOW_DATA, (uint64_t)data[0], PTE_WRITE | user);
    map_page(base, WINDOW_DATA + 1, (uint64_t)data[1], PTE_WRITE | user);
    map_page(base, WINDOW_DATA_HOLE, (uint64_t)data[0], PTE_WRITE | user);
    map_page(base, WINDOW_DATA_UART, (uint64_t)data[1], PTE_WRITE | user);
    map_page(base, WINDOW_READ_ONLY, (uint64_t)data[0], PTE_READ | user);
    map_page(base, WINDOW_NO_A_D, (uint64_t)data[1], PTE_V | PTE_R | PTE_W | user);
    if (user)
        map_page(base, WINDOW_USER_CODE, (uint64_t)data[0], PTE_RWX | user);
}

/* All of it may be executed: the hart asks the G-stage, and so us. */
static void map_devices(uint64_t base, uint64_t user)
{
    static const struct {
        unsigned page;
        uint64_t gpa;
    } rows[] = {
        {WINDOW_CODE_HOLE + 1, HOLE},
        {WINDOW_CODE_UART + 1, UART},
        {WINDOW_DATA_HOLE + 1, HOLE},
        {WINDOW_DATA_UART + 1, UART},
        {WINDOW_UART, UART},
        {WINDOW_UART + 1, UART + PAGE_SIZE},
        {WINDOW_PLIC, PLIC},
        {WINDOW_PLIC + 1, PLIC + 0x1000},
        {WINDOW_PLIC + 2, PLIC + 0x2000},
        {WINDOW_PLIC_CONTEXT, PLIC + 0x200000},
        {WINDOW_PLIC_CONTEXT + 1, PLIC + 0x201000},
        {WINDOW_RTC, RTC},
        {WINDOW_RTC + 1, RTC + PAGE_SIZE},
        {WINDOW_BEYOND, RAM_BEHIND},
        {WINDOW_BEYOND + 1, GPA_BEYOND},
        {WINDOW_BEYOND + 2, GPA_HIGHEST},
    };

    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++)
        map_page(base, rows[i].page, rows[i].gpa, PTE_RWX | user);
}

/* Entries of the middle level, which no table of ours stands behind. */
static void map_large(uint64_t base, uint64_t user)
{
    uint64_t *first = table_entry(root, TABLE_SV39, base, 1);
    uint64_t table = align_down((uint64_t)first, PAGE_SIZE);

    first[1] = pte_make((const void *)HOLE, PTE_V);
    first[2] = pte_make((const void *)UART, PTE_V);
    first[3] = pte_make((const void *)PLIC, PTE_V);
    first[4] = pte_make((const void *)table, PTE_V);
    first[5] = pte_make((const void *)PLIC, PTE_WRITE | user);
    first[6] = pte_make((const void *)HOLE, PTE_RWX | user);
    first[7] = pte_make((const void *)(UART + PAGE_SIZE), PTE_RWX | user);
}

void windows_init(void)
{
    root = page_new();
    code = page_new();
    new_pair(data);
    new_pair(text);
    for (unsigned i = 0; i < 2 * PAGE_SIZE; i++)
        ((char *)text[0])[i] = i % 64 == 63 ? '\n' : '.';
    map_kernel();
    map_ram(WINDOW_S, 0);
    map_ram(WINDOW_U, PTE_U);
    map_devices(WINDOW_S, 0);
    map_devices(WINDOW_U, PTE_U);
    map_large(WINDOW_S, 0);
    map_large(WINDOW_U, PTE_U);
    step_satp = table_satp(root, SATP_MODE_SV39, 1);
    csr_write(satp, step_satp);
    hart_sfence_vma();
}

static void put8(unsigned page, uint64_t offset, uint8_t value)
{
    *(volatile uint8_t *)(WINDOW_S + page * PAGE_SIZE + offset) = value;
}

static void put32(unsigned page, uint64_t offset, uint32_t value)
{
    *(volatile uint32_t *)(WINDOW_S + page * PAGE_SIZE + offset) = value;
}

void windows_quiet(void)
{
    put8(WINDOW_UART, 3, 0);    /* LCR: no divisor */
    put8(WINDOW_UART, 1, 0);    /* IER */
    put8(WINDOW_UART, 4, 0x10); /* MCR: loopback */
    put8(WINDOW_UART, 2, 0x7);  /* FCR: empty */
    for (unsigned context = 0; context < 2; context++) {
        for (unsigned word = 0; word < 3; word++)
            put32(WINDOW_PLIC + 2, 0x80 * context + 4 * word, 0);
    }
    put32(WINDOW_RTC, 0x14, 0); /* no alarm */
    put32(WINDOW_RTC, 0x1c, 0); /* no interrupt */
}

static uint64_t in_window(uint64_t base, unsigned page)
{
    return base + page * PAGE_SIZE;
}

static uint64_t device_address(uint64_t base)
{
    static const uint8_t pages[] = {WINDOW_UART,     WINDOW_PLIC,         WINDOW_PLIC + 1,
                                    WINDOW_PLIC + 2, WINDOW_PLIC_CONTEXT, WINDOW_PLIC_CONTEXT + 1,
                                    WINDOW_RTC};
    uint64_t page = in_window(base, pages[random_below(sizeof(pages))]);

    return page + (random_one_in(4) ? random_below(PAGE_SIZE) : 4 * random_below(12));
}

static uint64_t any_page(uint64_t base)
{
    return in_window(base, (unsigned)random_below(WINDOW_PAGES));
}

uint64_t windows_address(bool is_user)
{
    uint64_t base = is_user ? WINDOW_U : WINDOW_S;

    switch (random_below(16)) {
    case 0:
    case 1:
    case 2:
        return in_window(base, WINDOW_DATA) + 8 * random_below(PAGE_SIZE / 4);
    case 3:
        return in_window(base, WINDOW_DATA) + random_below(2 * PAGE_SIZE);
    case 4:
        return any_page(base) + PAGE_SIZE - 1 - random_below(16);
    case 5:
    case 6:
    case 7:
        return device_address(base);
    case 8:
        return any_page(base) + random_below(PAGE_SIZE);
    case 9:
        return base + (1 + random_below(WINDOWS_LARGE)) * WINDOW_STEP + random_below(WINDOW_STEP);
    case 10:
        return random_below(256) - 128;
    case 11:
        return BIT(random_below(64)) - random_below(2);
    case 12: /* the other mode's, and the kernel, which U-mode must not see */
        return is_user ? KERNEL_BASE + random_below(2 * WINDOW_STEP) : any_page(WINDOW_U);
    default:
        return random_u64();
    }
}
