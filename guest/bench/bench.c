// SPDX-License-Identifier: BSD-2-Clause
/*
 * How many instructions the short operations of a guest cost, in a VM and natively. Run it under
 * `-icount shift=0` with one hart: then an instruction, of whatever privilege, takes 1 ns, 100 are
 * a tick of the clock. Without that the figures are time, in hundredths of a tick.
 */
#include "bench/bench.h"

#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/table.h"
#include "lib/tap.h"
#include "riscv/csr.h"

#define COUNT         20480
#define PAGES         512 /* of one table */
#define INSN_PER_TICK 100

#define UART_SCRATCH  0x10000007UL
#define PLIC_PRIORITY 0x0c000028UL /* of source 10 */
#define WINDOW        0x100000000UL
#define USER_CODE     0x10000UL

static bool all_seen = true;

static uint64_t ticks_of(bench_loop *loop, uint64_t count, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t start = clock_now();

    all_seen &= loop(count, a, b, c) == count;
    return clock_now() - start;
}

/* Ticks for COUNT operations, less those for COUNT times nothing, as instructions an operation. */
static void print_row(const char *name, uint64_t ticks)
{
    uint64_t empty = ticks_of(loop_empty, COUNT, 0, 0, 0);
    uint64_t net = ticks > empty ? ticks - empty : 0;
    uint64_t hundredths = (net * 100 * INSN_PER_TICK + COUNT / 2) / COUNT;

    print_line("bench %s %lu.%02lu", name, hundredths / 100, hundredths % 100);
}

static void row(const char *name, bench_loop *loop, uint64_t a, uint64_t b)
{
    print_row(name, ticks_of(loop, COUNT, a, b, 0));
}

/* Page after page of one table, which is then emptied again: that time does not count. */
static void row_page_fault(uint64_t *root)
{
    uint64_t *table = page_new(), leaf = pte_make(page_new(), PTE_READ), ticks = 0;

    *table_entry(root, TABLE_SV39, WINDOW, 1) = pte_make(table, PTE_V);
    for (unsigned pass = 0; pass < COUNT / PAGES; pass++) {
        for (unsigned i = 0; i < PAGES; i++)
            table[i] = 0;
        hart_sfence_vma();
        ticks += ticks_of(loop_page_fault, PAGES, WINDOW, (uint64_t)table, leaf);
    }
    print_row("page_fault", ticks);
}

static void rows_with_paging(void)
{
    uint64_t *root = table_new();

    table_map(root, USER_CODE, user_begin, 0, PTE_V | PTE_R | PTE_X | PTE_U | PTE_A | PTE_D);
    csr_write(satp, table_satp(root, SATP_MODE_SV39, 0));
    hart_sfence_vma();
    row_page_fault(root);
    row("ecall_user", loop_ecall_user, USER_CODE, 0);
    csr_write(satp, 0);
    hart_sfence_vma();
}

void guest_main(void)
{
    uint64_t self = hart_self()->id;

    tap_plan(1);
    sbi_set_timer(CLOCK_NEVER);
    row("sbi_base", loop_sbi_base, 0, 0);
    row("sbi_set_timer", loop_sbi_set_timer, CLOCK_NEVER, 0);
    row("sbi_ipi_self", loop_sbi_ipi, 1, self);
    row("sbi_ipi_taken", loop_sbi_ipi_taken, 1, self);
    row("dbcn_write0", loop_dbcn_write0, (uint64_t)user_begin, 0);
    row("csr_time", loop_csr_time, 0, 0);
    row("mmio_uart_scr", loop_mmio_store_load, UART_SCRATCH, 0);
    row("mmio_plic_read", loop_mmio_load, PLIC_PRIORITY, 0);
    row("illegal_insn", loop_illegal_insn, 0, 0);
    rows_with_paging();
    tap_ok(all_seen, "each trap that was provoked was taken");
    tap_end();
}
