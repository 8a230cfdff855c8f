// SPDX-License-Identifier: BSD-2-Clause
/*
 * Waiting that must end, waiting that never does, and not waiting at all. Priv 3.3.3 (Wait for
 * Interrupt).
 */
#include "hostile/hostile.h"

#include "lib/bootargs.h"

/* What is pending and enabled ends a WFI though interrupts are off. */
void wait_pending(void)
{
    trap_interrupts_off();
    csr_set(sie, SIP_STIP | SIP_SSIP);
    sbi_set_timer(0);
    hart_wfi();
    expect(csr_read(sip) & SIP_STIP, "no timer is pending");
    sbi_set_timer(CLOCK_NEVER);
    csr_set(sip, SIP_SSIP);
    hart_wfi();
    csr_clear(sip, SIP_SSIP);
    sbi_send_ipi(1, 0);
    hart_wfi();
    csr_clear(sip, SIP_SSIP);
    expect(!(csr_read(sip) & SIP_SSIP), "an IPI came twice");
}

/* The timer ends it not too early, and after all. */
void wait_timer(void)
{
    trap_interrupts_off();
    csr_set(sie, SIP_STIP);
    for (unsigned i = 0; i < 20; i++) {
        uint64_t deadline = clock_now() + CLOCK_US(100) * i;

        sbi_set_timer(deadline);
        while (!(csr_read(sip) & SIP_STIP))
            hart_wfi();
        expect(clock_now() >= deadline, "too early");
    }
}

/* The other hart waits with nothing enabled; what it would get does not wake it, and it is no
 * hindrance to the end of the machine. */
static volatile bool waits;

static void wait_for_nothing(void)
{
    trap_interrupts_off();
    csr_write(sie, 0);
    waits = true;
    for (;;) {
        hart_wfi();
        __asm__ volatile("" : : : "memory");
    }
}

void wait_for_ever(void)
{
    expect(harts_start_others(), "the other hart does not start");
    harts_post(1, wait_for_nothing);
    expect(WAIT_FOR(waits), "the other hart does not wait");
    for (unsigned i = 0; i < 100; i++)
        sbi_send_ipi(1, 1);
    expect(sbi_hart_status(1).value == SBI_HSM_STARTED, "it is no longer started");
}

/* The hart is kept, with interrupts off: those beside us must meet their timers. */
void wait_never(void)
{
    uint64_t end = clock_now() + CLOCK_MS(100);

    trap_interrupts_off();
    while (clock_now() < end)
        continue;
}

/* The same by an exit after the other: calls and emulated accesses without end. */
void wait_in_calls(void)
{
    uint64_t end = clock_now() + CLOCK_MS(50);

    trap_interrupts_off();
    while (clock_now() < end) {
        hart_ecall(SBI_EXT_BASE, SBI_BASE_GET_IMPL_ID, 0, 0, 0);
        access_lbu(UART_SCRATCH, 0);
        csr_read(cycle);
    }
}

/* No enemy, but the one that suffers from them: it sleeps, and must be there when its timer comes,
 * by wake= of the boot arguments, in milliseconds. First it has to wait for its turn like all who
 * have just begun. */
void wait_sleeper(void)
{
    uint64_t limit = CLOCK_MS(bootargs_number("wake", 100)), worst = 0;

    trap_interrupts_off();
    csr_set(sie, SIP_STIP);
    for (unsigned i = 0; i < 60; i++) {
        uint64_t deadline = clock_now() + CLOCK_MS(5);

        sbi_set_timer(deadline);
        while (!(csr_read(sip) & SIP_STIP))
            hart_wfi();
        if (i >= 10)
            worst = max_u64(worst, clock_now() - deadline);
    }
    expect(worst <= limit, "woken %lu us late", worst / CLOCK_US(1));
}

/* What no VM has a copy of its own of, and the hypervisor must move: here it is changed all the
 * time, and the neighbour looks whether its own is still there. */
void wait_noise(void)
{
    uint64_t end = clock_now() + CLOCK_MS(60), value = 1;

    csr_set(sstatus, SSTATUS_FS);
    while (clock_now() < end) {
        next_random(&value);
        csr_write(scounteren, value);
        insn_run(INSN_CSRW(0x10a), value & 1 ? UINT64_MAX : 0, 0); /* senvcfg */
        csr_write(fcsr, value);
        for (uint32_t n = 0; n < 32; n++)
            insn_run(0xf2050053 | n << 7, value, 0); /* fmv.d.x fN, a0 */
    }
}
