// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls to the SBI with arguments at their extremes. The answer is an error of the SBI or what was
 * asked for; nothing is written that was not named. SBI 3 (Binary Encoding).
 */
#include "hostile/hostile.h"

#define GUARD 0x5a5a5a5a5a5a5a5aUL

static const uint64_t extremes[] = {
    0, 1, 63, 64, BIT(31), BIT(32), BIT(41), BIT(63), BIT(63) - 1, UINT64_MAX - 1, UINT64_MAX,
};

/* Ranges that are not whole in RAM, as address and size. */
struct range {
    uint64_t start, size;
};

static int64_t call(uint64_t extension, uint64_t function, uint64_t a0, uint64_t a1, uint64_t a2)
{
    return hart_ecall(extension, function, a0, a1, a2).error;
}

static bool is_error(int64_t error)
{
    return error < 0 && error >= SBI_ERR_NO_SHMEM;
}

void sbi_unknown(void)
{
    static const uint64_t ids[] = {9, 0xf, 0x11, 0x0a000000, BIT(31), BIT(32) + 0x10, BIT(63)};
    static const uint64_t known[] = {SBI_EXT_BASE, SBI_EXT_TIME, SBI_EXT_IPI, SBI_EXT_RFENCE,
                                     SBI_EXT_HSM,  SBI_EXT_SRST, SBI_EXT_DBCN};

    for (unsigned i = 0; i < ARRAY_SIZE(ids); i++)
        expect(call(ids[i], 0, 0, 0, 0) == SBI_ERR_NOT_SUPPORTED, "extension %lx", ids[i]);
    for (unsigned i = 0; i < ARRAY_SIZE(known); i++)
        for (unsigned bit = 5; bit < 64; bit++)
            expect(call(known[i], BIT(bit), 0, 0, 0) == SBI_ERR_NOT_SUPPORTED,
                   "function %lx of %lx", BIT(bit), known[i]);
}

static void expect_no_buffer(uint64_t low, uint64_t size, uint64_t high)
{
    for (uint64_t function = SBI_DBCN_WRITE; function <= SBI_DBCN_READ; function++)
        expect(call(SBI_EXT_DBCN, function, size, low, high) == SBI_ERR_INVALID_PARAM,
               "console function %lu takes %lx, size %lx", function, low, size);
}

void sbi_dbcn(void)
{
    const struct range bad[] = {
        {HOLE, 1},          {UART_BASE, 1},      {PLIC_BASE, 64},       {ram_end(), 1},
        {ram_end() - 1, 2}, {RAM_BASE - 1, 2},   {RAM_BASE, BIT(32)},   {RAM_BASE, UINT64_MAX},
        {UINT64_MAX, 1},    {UINT64_MAX, 2},     {UINT64_MAX - 15, 32}, {FAR_HOLE, 16},
        {BIT(63), BIT(63)}, {RAM_BASE, BIT(63)}, {RAM_BASE, -RAM_BASE},
    };

    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
        expect_no_buffer(bad[i].start, bad[i].size, 0);
    for (unsigned i = 1; i < ARRAY_SIZE(extremes); i++)
        expect_no_buffer(RAM_BASE, 1, extremes[i]);
    expect(call(SBI_EXT_DBCN, SBI_DBCN_READ, 0, RAM_BASE, 0) == SBI_SUCCESS, "nothing read");
}

void sbi_mask(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(extremes); i++) {
        for (unsigned j = 0; j < ARRAY_SIZE(extremes); j++) {
            uint64_t mask = extremes[i], base = extremes[j];
            /* The one hart is 0: SBI 3.1 (Hart list parameter). */
            bool good = base == SBI_ALL_HARTS || mask == 0 || (base == 0 && mask == 1);
            int64_t expected = good ? SBI_SUCCESS : SBI_ERR_INVALID_PARAM;

            expect(sbi_send_ipi(mask, base).error == expected, "IPI %lx %lx", mask, base);
            expect(sbi_remote_fence_i(mask, base).error == expected, "FENCE.I %lx %lx", mask, base);
            expect(sbi_remote_sfence_vma(mask, base, 0, 0).error == expected, "SFENCE.VMA %lx %lx",
                   mask, base);
        }
    }
}

/* Each start, size and ASID: done, or refused because the range wraps. */
void sbi_rfence(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(extremes); i++) {
        for (unsigned j = 0; j < ARRAY_SIZE(extremes); j++) {
            uint64_t start = extremes[i], size = extremes[j];
            int64_t error = sbi_remote_sfence_vma(1, 0, start, size).error;
            int64_t with_asid =
                sbi_remote_sfence_vma_asid(1, 0, start, size, extremes[(i + j) % 11]).error;

            /* SBI 8: all ones are all addresses; what goes beyond the last one is none. */
            bool wraps = size != UINT64_MAX && start + (size ? size - 1 : 0) < start;

            expect(error == (wraps ? SBI_ERR_INVALID_ADDRESS : SBI_SUCCESS), "range %lx %lx: %d",
                   start, size, (int)error);
            expect(with_asid == error, "range %lx %lx with an ASID", start, size);
        }
    }
    for (uint64_t function = SBI_RFENCE_HFENCE_GVMA_VMID; function <= SBI_RFENCE_HFENCE_VVMA;
         function++)
        expect(call(SBI_EXT_RFENCE, function, 1, 0, 0) == SBI_ERR_NOT_SUPPORTED, "HFENCE %lu",
               function);
}

/* Harts that are not there, and itself. */
void sbi_hsm(void)
{
    for (unsigned i = 1; i < ARRAY_SIZE(extremes); i++) {
        expect(sbi_hart_start(extremes[i], (uint64_t)hart_start, 0).error == SBI_ERR_INVALID_PARAM,
               "start of hart %lx", extremes[i]);
        expect(sbi_hart_status(extremes[i]).error == SBI_ERR_INVALID_PARAM, "status of hart %lx",
               extremes[i]);
    }
    expect(sbi_hart_start(0, (uint64_t)hart_start, 0).error == SBI_ERR_ALREADY_AVAILABLE,
           "start of itself");
    for (uint64_t type = 1; type < BIT(32); type += 0x7fffff1) {
        if (type == SBI_HSM_SUSPEND_NON_RETENTIVE)
            continue;
        int64_t error = sbi_hart_suspend(type, (uint64_t)hart_start, 0).error;

        expect(error == SBI_ERR_INVALID_PARAM || error == SBI_ERR_NOT_SUPPORTED,
               "suspend of type %lx", type);
    }
    expect(sbi_hart_suspend(SBI_HSM_SUSPEND_NON_RETENTIVE, HOLE, 0).error ==
               SBI_ERR_INVALID_ADDRESS,
           "a resume address in a hole");
}

/* Another hart, at places where no code can be. */
void sbi_hsm_address(void)
{
    const uint64_t bad[] = {HOLE, UART_BASE, PLIC_BASE, ram_end(), FAR_HOLE, UINT64_MAX, BIT(63)};

    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
        expect(sbi_hart_start(1, bad[i], 0).error == SBI_ERR_INVALID_ADDRESS, "start at %lx",
               bad[i]);
    expect(sbi_hart_status(1).value == SBI_HSM_STOPPED, "it was started");
}

/* It begins with half an instruction at the end of RAM, and has no trap handler yet. */
void sbi_hsm_last(void)
{
    volatile uint16_t *last = (volatile uint16_t *)ram_end() - 1;

    *last = 0x0513; /* the first half of an addi */
    expect(sbi_hart_start(1, (uint64_t)last, 0).error == SBI_SUCCESS, "the start");
    clock_sleep(CLOCK_HZ);
}

/* All 64 bits of `opaque` arrive, and the hart begins without translation, interrupts off. */
static volatile uint64_t seen_opaque, seen_satp = 1, seen_status;

static void see_opaque(uint64_t hartid, uint64_t opaque)
{
    (void)hartid;
    seen_satp = csr_read(satp);
    seen_status = csr_read(sstatus);
    seen_opaque = opaque;
}

void sbi_hsm_opaque(void)
{
    harts_entry = see_opaque;
    expect(sbi_hart_start(1, (uint64_t)hart_start, 0xfedcba9876543210).error == SBI_SUCCESS,
           "the start");
    expect(WAIT_FOR(seen_opaque), "the hart does not come");
    expect(seen_opaque == 0xfedcba9876543210, "opaque is %lx", seen_opaque);
    expect(seen_satp == 0 && !(seen_status & SSTATUS_SIE), "satp %lx, sstatus %lx", seen_satp,
           seen_status);
}

void sbi_time(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(extremes); i++) {
        bool is_due = extremes[i] <= clock_now();

        expect(sbi_set_timer(extremes[i]).error == SBI_SUCCESS, "a timer at %lx", extremes[i]);
        if (is_due)
            expect(WAIT_FOR(csr_read(sip) & SIP_STIP), "a timer at %lx does not come", extremes[i]);
        else
            expect(!(csr_read(sip) & SIP_STIP), "a timer at %lx has come", extremes[i]);
    }
}

void sbi_srst(void)
{
    for (uint64_t type = 3; type < BIT(32); type += 0xfffff1)
        expect(call(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, type, 0, 0) == SBI_ERR_INVALID_PARAM,
               "a reset of type %lx", type);
    for (uint64_t reason = 2; reason < BIT(32); reason += 0xfffff1)
        expect(call(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, 0, reason, 0) == SBI_ERR_INVALID_PARAM,
               "a reset for reason %lx", reason);
}

/* Every function of the PMU with extremes in all places; and that a counter outside is refused. */
void sbi_pmu(void)
{
    for (unsigned i = 3; i < ARRAY_SIZE(extremes); i++) {
        uint64_t value = extremes[i];

        for (uint64_t function = 1; function < 7; function++) {
            uint64_t args[6] = {value, 1, value, value, value, value};

            expect(is_error(sbi_call6(SBI_EXT_PMU, function, args).error),
                   "PMU function %lu takes %lx", function, value);
        }
        expect(is_error(call(SBI_EXT_PMU, SBI_PMU_COUNTER_START, 0, value & ~BITS(31, 0), 0)) ||
                   value < BIT(32),
               "counters of mask %lx", value);
        call(SBI_EXT_PMU, SBI_PMU_COUNTER_STOP, 0, value, value);
        call(SBI_EXT_PMU, SBI_PMU_SNAPSHOT_SET_SHMEM, value, 0, 0);
    }
}

/* Nothing is told where no memory is; the last place of RAM is one. */
void sbi_sta(void)
{
    const uint64_t bad[] = {HOLE,      UART_BASE, PLIC_BASE, RAM_BASE - 64,
                            ram_end(), FAR_HOLE,  BIT(63),   -64UL};

    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
        expect(call(SBI_EXT_STA, SBI_STA_SET_SHMEM, bad[i], 0, 0) == SBI_ERR_INVALID_ADDRESS,
               "told at %lx", bad[i]);
    for (unsigned i = 1; i < ARRAY_SIZE(extremes); i++) {
        expect(is_error(call(SBI_EXT_STA, SBI_STA_SET_SHMEM, RAM_BASE, extremes[i], 0)),
               "high part %lx", extremes[i]);
        expect(is_error(call(SBI_EXT_STA, SBI_STA_SET_SHMEM, RAM_BASE, 0, extremes[i])),
               "flags %lx", extremes[i]);
    }
    expect(call(SBI_EXT_STA, SBI_STA_SET_SHMEM, ram_end() - 64, 0, 0) == SBI_SUCCESS,
           "the last 64 bytes");
    clock_sleep(CLOCK_MS(20));
}
