// SPDX-License-Identifier: BSD-2-Clause
/*
 * Guest physical addresses with nothing there, and the whole of what is not memory.
 */
#include "hostile/hostile.h"

void hole_plain(void)
{
    static const uint64_t holes[] = {0, 0x1000, HOLE, 0x2000000, 0x3000000, 0x7ffff000};

    for (unsigned i = 0; i < ARRAY_SIZE(holes); i++)
        expect_access_faults(holes[i]);
    expect_access_faults(ram_end());
    expect_access_faults(ram_end() + (1UL << 30));
}

/* Each power of two that is beyond all memory. Above bit 40 no G-stage entry could be. */
void hole_far(void)
{
    for (unsigned bit = 33; bit < 56; bit++)
        expect_access_faults(BIT(bit));
    for (unsigned bit = 33; bit < 41; bit++)
        expect_access_faults(RAM_BASE | BIT(bit));
}

void hole_forms(void)
{
    static const uint32_t loads[] = {INSN_LR_W, INSN_LR_D, 0x00052507, 0x00053507};
    static const uint32_t stores[] = {INSN_AMO_W(0), INSN_AMO_D(1), 0x00a52027, 0x00a53027};

    csr_set(sstatus, SSTATUS_FS);
    for (unsigned i = 0; i < ARRAY_SIZE(loads); i++) {
        struct trap_seen load = insn_run(loads[i], HOLE, 0), store = insn_run(stores[i], HOLE, 0);

        expect_trap(&load, CAUSE_LOAD_ACCESS_FAULT, HOLE, "a load of another kind");
        expect_trap(&store, CAUSE_STORE_ACCESS_FAULT, HOLE, "a store of another kind");
    }
}

static bool is_device(uint64_t at)
{
    return (at >= TEST_BASE && at < RTC_BASE + DEVICE_SIZE) ||
           (at >= PLIC_BASE && at < PLIC_BASE + PLIC_SIZE) ||
           (at >= UART_BASE && at < UART_BASE + UART_SIZE);
}

/* Everything below RAM, in steps: outside of the devices an access fault. */
void hole_sweep(void)
{
    for (uint64_t at = 0; at < RAM_BASE; at += 0x100000 - 4) {
        struct trap_seen load = trap_try(access_lbu, at, 0);

        expect((!load.taken && is_device(at)) ||
                   (trap_is(&load, CAUSE_LOAD_ACCESS_FAULT) && load.tval == at),
               "lbu at %lx: trap %d, cause %lu, stval %lx", at, load.taken, load.cause, load.tval);
    }
}
