// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random accesses to the devices. Each is taken, or it is an access fault; afterwards the device
 * works as one does that was set up anew.
 */
#include "hostile/hostile.h"

#define TRIES 3000

static void expect_taken_or_fault(const struct trap_seen *seen, uint64_t at)
{
    expect(!seen->taken || seen->cause == CAUSE_LOAD_ACCESS_FAULT ||
               seen->cause == CAUSE_STORE_ACCESS_FAULT || seen->cause == CAUSE_LOAD_MISALIGNED ||
               seen->cause == CAUSE_STORE_MISALIGNED,
           "at %lx: cause %lu", at, seen->cause);
}

static void fuzz(uint64_t base, uint64_t size, uint64_t seed)
{
    static trap_try_fn *const forms[] = {access_lb,  access_lbu, access_lh,   access_lhu, access_lw,
                                         access_lwu, access_ld,  access_c_lw, access_sb,  access_sh,
                                         access_sw,  access_sd,  access_c_sw};
    uint64_t state = seed;

    for (unsigned i = 0; i < TRIES; i++) {
        uint64_t at = base + next_random(&state) % size, value = next_random(&state);
        struct trap_seen seen;

        if (value % 4)
            at = align_down(at, 4);
        seen = trap_try(forms[next_random(&state) % ARRAY_SIZE(forms)], at, value >> 2);
        expect_taken_or_fault(&seen, at);
    }
}

void device_uart(void)
{
    fuzz(UART_BASE, 0x100, 1);
    fuzz(UART_BASE, 8, 2);
    access_sb(UART_BASE + 3, 3); /* LCR: eight bits, no DLAB */
    access_sb(UART_BASE + 4, 0); /* MCR: no loop-back */
    access_sb(UART_BASE + 1, 0); /* IER */
    access_sb(UART_BASE + 2, 7); /* FCR: on, and empty */
    access_sb(UART_SCRATCH, 0x5a);
    expect(access_lbu(UART_SCRATCH, 0) == 0x5a, "the scratch register");
    expect((access_lbu(UART_BASE + 5, 0) & 0x60) == 0x60, "LSR does not take a byte");
    access_sb(UART_BASE, '\n');
}

/* The first page of each kind of register, and all of the window. Then an interrupt of the UART,
 * as always: priority, enable, threshold, claim, completion. */
void device_plic(void)
{
    uint64_t claim = PLIC_BASE + 0x201004, source;

    fuzz(PLIC_BASE, 0x80, 3);
    fuzz(PLIC_BASE + 0x1000, 8, 4);
    fuzz(PLIC_BASE + 0x2000, 0x400, 5);
    fuzz(PLIC_BASE + 0x200000, 0x4000, 6);
    fuzz(PLIC_BASE, PLIC_SIZE, 7);
    for (unsigned i = 0; i < 100 && access_lw(claim, 0); i++)
        continue;
    for (source = 1; source < 32; source++)
        access_sw(claim, source);
    access_sw(PLIC_BASE + 4 * 10, 1);       /* priority of the UART */
    access_sw(PLIC_BASE + 0x2080, BIT(10)); /* this context alone */
    access_sw(PLIC_BASE + 0x201000, 0);     /* threshold */
    access_sb(UART_BASE + 1, 2);            /* IER: the transmitter is empty */
    expect(WAIT_FOR(csr_read(sip) & SIP_SEIP), "no interrupt comes");
    source = access_lw(claim, 0);
    expect(source == 10, "claimed %lu", source);
    access_sb(UART_BASE + 1, 0);
    access_sw(claim, source);
    expect(!(csr_read(sip) & SIP_SEIP), "the interrupt stays");
}

void device_rtc(void)
{
    fuzz(RTC_BASE, 0x1000, 8);
    fuzz(RTC_BASE, 0x20, 9);
}

/* All words but the three that mean something. */
void device_test(void)
{
    uint64_t state = 10;

    for (uint64_t word = 0; word < BIT(16); word += 0x111)
        if (word != 0x3333 && word != 0x5555 && word != 0x7777)
            access_sw(TEST_BASE, word);
    for (unsigned i = 0; i < TRIES; i++)
        trap_try(access_sd, TEST_BASE + 8 + next_random(&state) % 0xff0, 0x5555);
    trap_try(access_sb, TEST_BASE, 0x55);
    trap_try(access_sd, TEST_BASE, 0x5555);
}

/* Ten resets by that device; RAM outside of the image stays. */
void device_reset(void)
{
    volatile uint64_t *resets = (volatile uint64_t *)(RAM_BASE + PAGE_SIZE);

    if (++*resets <= 10)
        access_sw(TEST_BASE, 0x7777);
    expect(*resets == 11, "%lu resets", *resets);
}

/* The end of the machine by that device, with a failure. */
void device_fail(void)
{
    access_sw(TEST_BASE, 42 << 16 | 0x3333);
}

/* An interrupt that nobody claims, with the hart's interrupts on: it is taken again and again, by
 * this machine alone. */
static volatile uint64_t storms;

static void ignore(struct trap_frame *frame)
{
    if (++storms == 1000)
        csr_clear(sie, SIP_SEIP);
    expect(frame->scause == (CAUSE_INTERRUPT | INTERRUPT_SEI), "cause %lx", frame->scause);
}

void device_unclaimed(void)
{
    trap_set_handler(ignore);
    access_sw(PLIC_BASE + 4 * 10, 7);
    access_sw(PLIC_BASE + 0x2080, BIT(10));
    access_sw(PLIC_BASE + 0x201000, 0);
    access_sb(UART_BASE + 1, 2);
    csr_set(sie, SIP_SEIP);
    trap_interrupts_on();
    expect(WAIT_FOR(storms >= 1000), "only %lu interrupts", storms);
}
