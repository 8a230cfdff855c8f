// SPDX-License-Identifier: BSD-2-Clause
/*
 * The guest's kernel reaches for what belongs to the hypervisor or to the firmware, and sets
 * fields that it should not.
 */
#include "hostile/hostile.h"

/* CSRs that only HS-mode has, or that are its view of VS-mode. Priv 21.2 */
void kernel_hcsr(void)
{
    static const uint16_t numbers[] = {
        0x200, 0x204, 0x205, 0x240, 0x241, 0x242, 0x243, 0x244, 0x24d, 0x280, 0x600, 0x602,
        0x603, 0x604, 0x605, 0x606, 0x607, 0x60a, 0x60c, 0x643, 0x644, 0x645, 0x64a, 0x680,
    };

    for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
        insn_expect_illegal(INSN_CSRR(numbers[i]));
        insn_expect_illegal(INSN_CSRW(numbers[i]));
    }
    insn_expect_illegal(INSN_CSRR(0xe12)); /* hgeip */
}

void kernel_mcsr(void)
{
    static const uint16_t numbers[] = {
        0x300, 0x301, 0x302, 0x303, 0x304, 0x305, 0x306, 0x30a, 0x340, 0x341, 0x342, 0x343, 0x344,
        0x34a, 0x3a0, 0x3b0, 0x7a0, 0x7a1, 0x7b0, 0xb00, 0xb02, 0xf11, 0xf12, 0xf13, 0xf14,
    };

    for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
        insn_expect_illegal(INSN_CSRR(numbers[i]));
        insn_expect_illegal(INSN_CSRW(numbers[i]));
    }
}

void kernel_hfence(void)
{
    static const uint32_t fences[] = {0x22000073, 0x62000073, 0x26000073, 0x66000073};

    for (unsigned i = 0; i < ARRAY_SIZE(fences); i++)
        insn_expect_illegal(fences[i]); /* hfence.vvma, .gvma, hinval.vvma, .gvma */
}

void kernel_hlv(void)
{
    static const uint32_t words[] = {0x60054573, 0x64354573, 0x68354573, 0x6c054573,
                                     0x62b54073, 0x66b54073, 0x6ab54073, 0x6eb54073};

    for (unsigned i = 0; i < ARRAY_SIZE(words); i++)
        insn_expect_illegal(words[i]);
}

/* QEMU leaves an earlier instruction in stval for mret. */
void kernel_mret(void)
{
    struct trap_seen seen = insn_run(0x30200073, 0, 0);

    expect(trap_is(&seen, CAUSE_ILLEGAL_INSN), "mret: trap %d, cause %lu", seen.taken, seen.cause);
    insn_expect_illegal(0x70200073); /* mnret */
    insn_expect_illegal(0x7b200073); /* dret */
}

/* Counters cannot be written: Priv 3.1.10 (Hardware Performance Monitor). */
void kernel_read_only(void)
{
    for (uint32_t number = 0xc00; number < 0xc20; number++) {
        insn_expect_illegal(INSN_CSRW(number));
        insn_expect_illegal(INSN_CSRRW(number));
    }
}

void kernel_illegal(void)
{
    insn_expect_illegal(0x0000);
    insn_expect_illegal(0x8002); /* c.jr x0 */
    insn_expect_illegal(0xffffffff);
    insn_expect_illegal(0x30000073);
    insn_expect_illegal(0x0000400b);
}

/* Every CSR is read, and where that works, given back what was read. */
void kernel_csr_sweep(void)
{
    for (uint32_t number = 0; number < 4096; number++) {
        struct trap_seen seen = insn_run(INSN_CSRR(number), 0, 0);

        insn_is_harmless(INSN_CSRR(number), 0);
        if (!seen.taken)
            insn_is_harmless(INSN_CSRW(number), seen.value);
    }
}

/* The interrupts of AIA are not among what this guest was told it has: Smstateen keeps them, or
 * there are none. And nothing is where QEMU would have its files. */
void kernel_aia(void)
{
    static const uint16_t numbers[] = {0x150, 0x151, 0x15c, 0x250, 0x251, 0x25c, 0x608, 0x609};
    struct trap_seen file = trap_try(access_lw, 0x28000000, 0);

    for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++)
        insn_expect_illegal(INSN_CSRR(numbers[i]));
    insn_is_harmless(INSN_CSRR(0xdb0), 0); /* stopi */
    expect_trap(&file, CAUSE_LOAD_ACCESS_FAULT, 0x28000000, "an interrupt file");
}

/* A mode that does not exist leaves satp alone: Priv 12.1.11 (satp). */
void kernel_satp_modes(void)
{
    for (uint64_t mode = 1; mode < 16; mode++) {
        if (mode >= SATP_MODE_SV39 && mode <= SATP_MODE_SV57)
            continue;
        csr_write(satp, field_set(SATP_MODE, BITS(43, 0), mode));
        expect(csr_read(satp) == 0, "mode %lu: satp is %lx", mode, csr_read(satp));
        csr_write(satp, 0);
    }
}

void kernel_stvec_modes(void)
{
    uint64_t old = csr_read(stvec);

    for (uint64_t mode = 2; mode < 4; mode++) {
        csr_write(stvec, old | mode);
        expect(field_get(STVEC_MODE, csr_read(stvec)) < 2, "stvec is %lx", csr_read(stvec));
        csr_write(stvec, old);
    }
    insn_expect_illegal(0xffffffff);
}

/* All of sstatus set: what the hypervisor does for us is not disturbed, and user mode is still 64
 * bits wide and little-endian. Priv 12.1.1.3 (Endianness Control in sstatus Register) */
void kernel_status_ones(void)
{
    static uint64_t word = 0x0123456789abcdef;
    uint64_t old = csr_read(sstatus);
    struct trap_seen load, hole;

    csr_write(sie, 0);
    csr_write(sstatus, UINT64_MAX);
    load = trap_try(access_lbu, UART_BASE + 5, 0);
    hole = trap_try(access_ld, HOLE, 0);
    expect(!load.taken, "a device: cause %lu", load.cause);
    expect_trap(&hole, CAUSE_LOAD_ACCESS_FAULT, HOLE, "a hole");
    insn_expect_illegal(0x22000073);
    user_map(0x20000, (void *)align_down((uint64_t)&word, PAGE_SIZE), PTE_WRITE | PTE_U);
    csr_write(sstatus, UINT64_MAX & ~SSTATUS_SIE);
    uint64_t offset = (uint64_t)&word % PAGE_SIZE;
    const struct trap_frame *frame = user_run(0x00053503, 0x20000 + offset, 0); /* ld a0, (a0) */

    csr_write(sstatus, old);
    expect(user_ran(frame) && frame->x[REG_A0] == word, "user mode loads %lx, cause %lu",
           frame->x[REG_A0], frame->scause);
}

/* senvcfg, where it is there, takes what it will. */
void kernel_senvcfg(void)
{
    insn_is_harmless(INSN_CSRW(0x10a), UINT64_MAX);
    insn_is_harmless(INSN_CSRR(0x10a), 0);
    expect(!trap_try(access_lbu, UART_SCRATCH, 0).taken, "a device afterwards");
    insn_is_harmless(INSN_CSRW(0x10a), 0);
}

/* stimecmp is there with Sstc, else illegal; the SBI's timer works in either case. */
void kernel_stimecmp(void)
{
    bool has_sstc = !insn_run(INSN_CSRR(0x14d), 0, 0).taken;

    if (has_sstc) {
        insn_run(INSN_CSRW(0x14d), 0, 0);
        expect(WAIT_FOR(csr_read(sip) & SIP_STIP), "stimecmp of 0 is not pending");
        insn_run(INSN_CSRW(0x14d), UINT64_MAX, 0);
    } else {
        insn_expect_illegal(INSN_CSRR(0x14d));
        insn_expect_illegal(INSN_CSRW(0x14d));
    }
    sbi_set_timer(0);
    expect(WAIT_FOR(csr_read(sip) & SIP_STIP), "the timer is not pending");
    sbi_set_timer(CLOCK_NEVER);
    expect(!(csr_read(sip) & SIP_STIP), "the timer is still pending");
}

static uint64_t return_to(uint64_t address, uint64_t status)
{
    csr_write(sepc, address);
    csr_set(sstatus, status);
    __asm__ volatile("sret");
    return 0;
}

/* SRET to where nothing is, in the kernel's own mode. */
void kernel_sret(void)
{
    struct trap_seen seen = trap_try(return_to, HOLE, SSTATUS_SPP);

    expect_trap(&seen, CAUSE_INSN_ACCESS_FAULT, HOLE, "sret to a hole");
    seen = trap_try(return_to, FAR_HOLE, SSTATUS_SPP);
    expect_trap(&seen, CAUSE_INSN_ACCESS_FAULT, FAR_HOLE, "sret far away");
}

/* With Ssdbltrp a trap while SDT is set would be a double trap; it is not for this guest. */
void kernel_sdt(void)
{
    csr_set(sstatus, BIT(24));
    insn_expect_illegal(0xffffffff);
    csr_clear(sstatus, BIT(24));
}

/* F is off: what would use it is illegal, never anything else. Priv 3.1.6.6 (Extension Context
 * Status in mstatus Register) */
void kernel_fp_off(void)
{
    csr_clear(sstatus, SSTATUS_FS | SSTATUS_VS);
    insn_expect_illegal(0x00053507);       /* fld fa0, (a0) */
    insn_expect_illegal(0x02000053);       /* fadd.d */
    insn_expect_illegal(INSN_CSRR(0x003)); /* fcsr */
    insn_expect_illegal(INSN_CSRR(0x00f)); /* vcsr */
    insn_expect_illegal(0x02050007);       /* vle8.v v0, (a0) */
    user_expect_illegal(0x02000053);
    user_expect_illegal(0x02050007);
}
