// SPDX-License-Identifier: BSD-2-Clause
/*
 * The calls of SBI 0.1. SBI 5 (Legacy): a0 is the only result, hart masks lie in memory at a
 * virtual address, and a fault there is the caller's.
 */
#include "lib/table.h"
#include "lib/trap.h"
#include "riscv/cause.h"
#include "sbi/topics.h"

#define WINDOW  0x100000000UL /* a virtual address for a mask */
#define NO_MASK 0x180000000UL
#define A1_KEPT 0x1234

/* raw.S */
trap_try_fn raw_legacy_send_ipi;
extern const char raw_legacy_ecall[];

static bool is_done(uint64_t extension, uint64_t arg)
{
    struct sbi_ret ret = hart_ecall(extension, 77, arg, A1_KEPT, 0);

    return ret.error == 0 && ret.value == A1_KEPT;
}

static bool ipi_arrives(const uint64_t *mask)
{
    uint64_t end = clock_now() + CLOCK_MS(1);

    if (!is_done(SBI_LEGACY_SEND_IPI, (uint64_t)mask))
        return false;
    while (!(csr_read(sip) & SIP_SSIP) && clock_now() < end)
        ;
    return csr_read(sip) & SIP_SSIP;
}

static void check_console(void)
{
    bool done = true;

    for (const char *c = "# put by the legacy call\n"; *c; c++)
        done &= is_done(SBI_LEGACY_CONSOLE_PUTCHAR, (uint8_t)*c);
    tap_ok(done, "console_putchar puts characters");
    tap_equal((uint64_t)hart_ecall(SBI_LEGACY_CONSOLE_GETCHAR, 0, 0, 0, 0).error, UINT64_MAX,
              "console_getchar gives -1 when nothing was typed");
}

static void check_timer(void)
{
    bool set = is_done(SBI_LEGACY_SET_TIMER, 0);
    uint64_t end = clock_now() + CLOCK_HZ;

    while (!(csr_read(sip) & SIP_STIP) && clock_now() < end)
        ;
    bool pending = csr_read(sip) & SIP_STIP;

    tap_ok(set && pending && is_done(SBI_LEGACY_SET_TIMER, CLOCK_NEVER) &&
               !(csr_read(sip) & SIP_STIP),
           "set_timer sets and clears the timer interrupt");
}

static void check_ipi(void)
{
    uint64_t mask = BIT(hart_self()->id);

    tap_ok(ipi_arrives(&mask), "send_ipi to oneself, its mask in memory");
    tap_ok(hart_ecall(SBI_LEGACY_CLEAR_IPI, 0, 0, 0, 0).error >= 0 && !(csr_read(sip) & SIP_SSIP),
           "clear_ipi clears it");
    tap_ok(is_done(SBI_LEGACY_CLEAR_IPI, 0), "and gives 0 where none is pending");
}

static void check_fences(void)
{
    uint64_t mask = BIT(hart_self()->id);

    tap_ok(is_done(SBI_LEGACY_REMOTE_FENCE_I, (uint64_t)&mask) &&
               is_done(SBI_LEGACY_REMOTE_SFENCE_VMA, (uint64_t)&mask) &&
               is_done(SBI_LEGACY_REMOTE_SFENCE_VMA_ASID, (uint64_t)&mask),
           "the three remote fences are done");
}

/* The fault of a mask that cannot be read: at the ecall, with the mask's address. */
static bool faults(uint64_t mask_address, uint64_t cause)
{
    struct trap_seen seen = trap_try(raw_legacy_send_ipi, mask_address, 0);

    if (trap_is(&seen, cause) && seen.tval == mask_address &&
        seen.epc == (uint64_t)raw_legacy_ecall)
        return true;
    tap_diag("trap %d, cause %lu, tval %lx, epc %lx", seen.taken, seen.cause, seen.tval, seen.epc);
    return false;
}

static void check_masks(void)
{
    uint64_t *root = table_new(), *page = page_new();

    tap_ok(faults(NO_ADDRESS, CAUSE_LOAD_ACCESS_FAULT),
           "a mask where no memory is: a load access fault at the ecall");
    page[1] = BIT(hart_self()->id);
    table_map(root, WINDOW, page, 0, PTE_READ);
    csr_write(satp, table_satp(root, SATP_MODE_SV39, 0));
    hart_sfence_vma();
    tap_ok(ipi_arrives((const uint64_t *)(WINDOW + 8)), "a mask is read at its virtual address");
    csr_clear(sip, SIP_SSIP);
    tap_ok(faults(NO_MASK, CAUSE_LOAD_PAGE_FAULT),
           "a mask that is not mapped: a load page fault at the ecall");
    csr_write(satp, 0);
    hart_sfence_vma();
}

void legacy_test(void)
{
    csr_write(sie, 0);
    csr_clear(sip, SIP_SSIP);
    check_console();
    check_timer();
    check_ipi();
    check_fences();
    check_masks();
}
