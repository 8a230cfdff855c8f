// SPDX-License-Identifier: BSD-2-Clause
/*
 * User mode runs what only a kernel may, and touches what only a kernel has. To the guest these
 * are illegal instructions of its program, whatever the hart says to the hypervisor: Priv 21.6.1
 * (Trap Cause Codes), on virtual-instruction exceptions.
 */
#include "hostile/hostile.h"

#define PROGRAM_DATA 0x20000UL

void user_wfi(void)
{
    user_expect_illegal(INSN_WFI);
}

/* QEMU leaves an earlier instruction in stval for mret. */
void user_sret(void)
{
    user_expect_illegal(INSN_SRET);
    expect(user_run(0x30200073, 0, 0)->scause == CAUSE_ILLEGAL_INSN, "mret");
}

void user_ebreak(void)
{
    const struct trap_frame *frame = user_run(INSN_EBREAK, 0, 0);

    expect(frame->scause == CAUSE_BREAKPOINT && frame->sepc == USER_CODE,
           "ebreak: cause %lu, sepc %lx", frame->scause, frame->sepc);
    expect(user_run(0x9002, 0, 0)->scause == CAUSE_BREAKPOINT, "c.ebreak");
}

/* Its numbers are those of a call that would turn the machine off, had the kernel made it. */
void user_ecall(void)
{
    const struct trap_frame *frame = user_run(0x00000073, SBI_SRST_SHUTDOWN, 0);

    expect(frame->scause == CAUSE_ECALL_U && frame->sepc == USER_CODE &&
               frame->x[REG_A0] == SBI_SRST_SHUTDOWN,
           "ecall: cause %lu, sepc %lx, a0 %lx", frame->scause, frame->sepc, frame->x[REG_A0]);
}

/* Svinval's two that only order, sfence.w.inval and sfence.inval.ir, QEMU lets user mode run. */
void user_sfence(void)
{
    user_expect_illegal(0x12000073); /* sfence.vma */
    user_expect_illegal(0x16000073); /* sinval.vma */
    for (uint32_t word = 0x18000073; word <= 0x18100073; word += 0x100000) {
        const struct trap_frame *frame = user_run(word, 0, 0);

        expect(user_ran(frame) || frame->scause == CAUSE_ILLEGAL_INSN, "%08x: cause %lu", word,
               frame->scause);
    }
}

void user_hfence(void)
{
    static const uint32_t fences[] = {0x22000073, 0x62000073, 0x26000073, 0x66000073};

    for (unsigned i = 0; i < ARRAY_SIZE(fences); i++)
        user_expect_illegal(fences[i]); /* hfence.vvma, .gvma, hinval.vvma, .gvma */
}

/* hlv.b to hlv.d with a0 from (a0), hsv.b to hsv.d with a1. */
void user_hlv(void)
{
    static const uint32_t loads[] = {0x60054573, 0x60154573, 0x64054573, 0x64154573, 0x64354573,
                                     0x68054573, 0x68154573, 0x68354573, 0x6c054573};
    static const uint32_t stores[] = {0x62b54073, 0x66b54073, 0x6ab54073, 0x6eb54073};

    for (unsigned i = 0; i < ARRAY_SIZE(loads); i++)
        user_expect_illegal(loads[i]);
    for (unsigned i = 0; i < ARRAY_SIZE(stores); i++)
        user_expect_illegal(stores[i]);
}

void user_csr(void)
{
    static const uint16_t numbers[] = {
        0x100, 0x104, 0x105, 0x106, 0x10a, 0x140, 0x141, 0x142, 0x143, 0x144, 0x14d,
        0x180, 0x200, 0x204, 0x205, 0x240, 0x280, 0x300, 0x304, 0x305, 0x341, 0x600,
        0x602, 0x603, 0x604, 0x606, 0x60a, 0x644, 0x645, 0x680, 0xe12, 0xf14,
    };

    for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
        user_expect_illegal(INSN_CSRR(numbers[i]));
        user_expect_illegal(INSN_CSRW(numbers[i]));
    }
}

/* cycle, time and instret, where scounteren hides them, and where it does not. */
void user_rdcycle(void)
{
    uint64_t old = csr_swap(scounteren, 0);

    for (uint32_t number = 0xc00; number < 0xc20; number++)
        user_expect_illegal(INSN_CSRR(number));
    csr_write(scounteren, UINT32_MAX);
    for (uint32_t number = 0xc00; number < 0xc03; number++) {
        uint64_t first = user_run(INSN_CSRR(number), 0, 0)->x[REG_A0];
        const struct trap_frame *frame = user_run(INSN_CSRR(number), 0, 0);

        expect(user_ran(frame) && frame->x[REG_A0] > first, "counter %x stands still", number);
        user_expect_illegal(INSN_CSRW(number));
    }
    csr_write(scounteren, old);
}

void user_illegal(void)
{
    user_expect_illegal(0x0000);
    user_expect_illegal(0x8002); /* c.jr x0 */
    user_expect_illegal(0xffffffff);
    user_expect_illegal(0x30000073);
    user_expect_illegal(0x7b200073); /* dret */
}

/* senvcfg allows none: Priv 12.1.10 (senvcfg). */
void user_cbo(void)
{
    insn_run(INSN_CSRW(0x10a), 0, 0);
    for (uint32_t which = 0; which < 5; which++)
        if (which != 3)
            user_expect_illegal(INSN_CBO(which));
}

void user_wrs(void)
{
    static const uint32_t waits[] = {INSN_WRS_NTO, INSN_WRS_STO};

    for (unsigned i = 0; i < ARRAY_SIZE(waits); i++) {
        const struct trap_frame *frame = user_run(waits[i], 0, 0);

        expect(user_ran(frame) || frame->scause == CAUSE_ILLEGAL_INSN, "%08x: cause %lu", waits[i],
               frame->scause);
    }
}

/* A device that the kernel gave to its program. The program's page is not the kernel's, so the
 * instruction must be fetched with the program's rights. */
void user_mmio(void)
{
    const struct trap_frame *frame;

    user_map(PROGRAM_DATA, (const void *)UART_BASE, PTE_WRITE | PTE_U);
    expect(user_ran(user_run(0x00b503a3, PROGRAM_DATA, 0x5a)), "sb a1, 7(a0)");
    frame = user_run(0x00754503, PROGRAM_DATA, 0); /* lbu a0, 7(a0) */
    expect(user_ran(frame) && frame->x[REG_A0] == 0x5a, "a device's register in user mode: %lx",
           frame->x[REG_A0]);
    user_map(PROGRAM_DATA, (const void *)UART_BASE, PTE_WRITE);
    frame = user_run(0x00754503, PROGRAM_DATA, 0);
    expect(frame->scause == CAUSE_LOAD_PAGE_FAULT && frame->stval == PROGRAM_DATA + 7,
           "a device of the kernel: cause %lu", frame->scause);
}

void user_hole(void)
{
    static const struct {
        uint32_t word;
        uint64_t cause;
    } tries[] = {
        {0x00053503, CAUSE_LOAD_ACCESS_FAULT},  /* ld a0, (a0) */
        {0x00b53023, CAUSE_STORE_ACCESS_FAULT}, /* sd a1, (a0) */
        {0x00050067, CAUSE_INSN_ACCESS_FAULT},  /* jr a0 */
    };

    user_map(PROGRAM_DATA, (const void *)HOLE, PTE_ALL | PTE_U);
    for (unsigned i = 0; i < ARRAY_SIZE(tries); i++) {
        const struct trap_frame *frame = user_run(tries[i].word, PROGRAM_DATA, 0);

        expect(frame->scause == tries[i].cause && frame->stval == PROGRAM_DATA &&
                   !(frame->sstatus & SSTATUS_SPP),
               "%08x: cause %lu, stval %lx", tries[i].word, frame->scause, frame->stval);
    }
}
