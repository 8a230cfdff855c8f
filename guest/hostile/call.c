// SPDX-License-Identifier: BSD-2-Clause
/*
 * More calls to the SBI: the legacy ones, which read guest memory by its virtual address, and all
 * functions with extremes in every register at once.
 */
#include "hostile/hostile.h"

#define GUARD 0x5a5a5a5a5a5a5a5aUL

/* The calls that do not come back, or that take other harts: they have cases of their own. */
static bool is_last(uint64_t extension, uint64_t function)
{
    return extension == SBI_EXT_HSM || (extension == SBI_EXT_SRST && function == 0);
}

static uint64_t legacy(uint64_t number, uint64_t mask)
{
    return (uint64_t)hart_ecall(number, 0, mask, 0, 0).error;
}

/* Legacy calls take a pointer to their mask: what cannot be read is the fault of the ecall, as if
 * it were a load. A device is not read. SBI 5.5 (Send IPI), OpenSBI 1.5 does the same. */
static void expect_pointer_fault(uint64_t pointer, uint64_t cause)
{
    for (uint64_t number = SBI_LEGACY_SEND_IPI; number <= SBI_LEGACY_REMOTE_SFENCE_VMA_ASID;
         number++) {
        struct trap_seen seen = trap_try(legacy, number, pointer);

        expect_trap(&seen, cause, pointer, "a legacy mask");
    }
}

void call_legacy(void)
{
    static uint64_t mask = 1;
    uint64_t *root = table_new();

    expect_pointer_fault(HOLE, CAUSE_LOAD_ACCESS_FAULT);
    expect_pointer_fault(UART_BASE, CAUSE_LOAD_ACCESS_FAULT);
    expect_pointer_fault(ram_end(), CAUSE_LOAD_ACCESS_FAULT);
    expect_pointer_fault(FAR_HOLE, CAUSE_LOAD_ACCESS_FAULT);
    expect(legacy(SBI_LEGACY_SEND_IPI, (uint64_t)&mask) == 0 && (csr_read(sip) & SIP_SSIP),
           "an IPI to itself");
    *table_entry(root, TABLE_SV39, 2 * VIRTUAL, 0) = 0;
    *table_entry(root, TABLE_SV39, 4 * VIRTUAL, 2) = pte_make((const void *)HOLE, PTE_V);
    paging_on(root);
    expect_pointer_fault(VIRTUAL, CAUSE_LOAD_PAGE_FAULT);
    expect_pointer_fault(BIT(62), CAUSE_LOAD_PAGE_FAULT);
    expect_pointer_fault(4 * VIRTUAL, CAUSE_LOAD_ACCESS_FAULT);
    expect(legacy(SBI_LEGACY_REMOTE_FENCE_I, (uint64_t)&mask) == 0, "a mask under paging");
    paging_off();
}

/* Addresses that a call takes are physical, whatever the page tables say of that number. */
void call_physical(void)
{
    uint64_t *root = table_new();
    static char word[] = "";

    table_map(root, VIRTUAL, word, 0, PTE_WRITE);
    paging_on(root);
    expect(hart_ecall(SBI_EXT_DBCN, SBI_DBCN_WRITE, 1, VIRTUAL, 0).error == SBI_ERR_INVALID_PARAM,
           "a virtual address was taken");
    paging_off();
}

/* Each function of each extension, 0 to 15, with the same extreme in all registers, and with the
 * address of a page that must then be as it was. */
void call_sweep(void)
{
    static const uint64_t extensions[] = {SBI_EXT_BASE, SBI_EXT_TIME, SBI_EXT_IPI, SBI_EXT_RFENCE,
                                          SBI_EXT_HSM,  SBI_EXT_SRST, SBI_EXT_PMU, SBI_EXT_FWFT};
    uint64_t *page = page_new();
    const uint64_t values[] = {0, 1, BIT(12), BIT(63), UINT64_MAX, HOLE, (uint64_t)page};

    for (unsigned i = 0; i < PAGE_SIZE / 8; i++)
        page[i] = GUARD;
    for (unsigned i = 0; i < ARRAY_SIZE(extensions); i++) {
        for (uint64_t function = 0; function < 16; function++) {
            for (unsigned j = 0; j < ARRAY_SIZE(values); j++) {
                uint64_t v = values[j], args[6] = {v, v, v, v, v, v};
                struct sbi_ret ret;

                if (is_last(extensions[i], function))
                    continue;
                ret = sbi_call6(extensions[i], function, args);
                expect(ret.error <= 0 && ret.error >= SBI_ERR_NO_SHMEM, "%lx %lu of %lx: %lx",
                       extensions[i], function, v, (uint64_t)ret.error);
            }
        }
    }
    for (unsigned i = 0; i < PAGE_SIZE / 8; i++)
        expect(page[i] == GUARD, "word %u of a page that no call named", i);
}

/* Functions of HSM that do not come back, made on behalf of the other hart: a hart stops itself
 * only, and a hart that is stopped is started once. */
static volatile unsigned starts;

static void count_start(uint64_t hartid, uint64_t opaque)
{
    (void)hartid;
    (void)opaque;
    starts++;
    hart_ecall(SBI_EXT_HSM, SBI_HSM_HART_STOP, 0, 0, 0);
}

void call_stop(void)
{
    harts_entry = count_start;
    for (unsigned i = 1; i <= 20; i++) {
        int64_t error = sbi_hart_start(1, (uint64_t)hart_start, i).error;

        expect(error == SBI_SUCCESS, "start %u: %d", i, (int)error);
        expect(WAIT_FOR(sbi_hart_status(1).value == SBI_HSM_STOPPED), "it does not stop");
        expect(starts == i, "%u starts for %u calls", starts, i);
    }
}

/* The hart that the machine began with stops, and the other one is the machine. */
static void end_alone(uint64_t hartid, uint64_t opaque)
{
    bool stopped = WAIT_FOR(sbi_hart_status(0).value == SBI_HSM_STOPPED);

    expect(hartid == 1 && opaque == 2 && stopped, "hart %lu, opaque %lu", hartid, opaque);
    print_line(stopped ? "ok" : "not ok");
    sbi_shutdown(SBI_SRST_NO_REASON);
}

void call_stop_first(void)
{
    harts_entry = end_alone;
    expect(sbi_hart_start(1, (uint64_t)hart_start, 2).error == SBI_SUCCESS, "the start");
    trap_interrupts_off();
    hart_ecall(SBI_EXT_HSM, SBI_HSM_HART_STOP, 0, 0, 0);
    expect(false, "a stop came back");
}
