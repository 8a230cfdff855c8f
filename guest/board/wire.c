// SPDX-License-Identifier: BSD-2-Clause
/*
 * An interrupt from the device's wire to the hart and back: the UART raises and lowers it, the
 * PLIC passes it on or does not. PLIC specification 1.0.0, 1.2 (Interrupt Gateways) and 4
 * (Interrupt Priorities) to 9 (Interrupt Completion).
 */
#include "board/board.h"
#include "lib/sbi_call.h"
#include "riscv/cause.h"

/* The UART's wire. It is high while a received byte waits; nothing can be printed then. FIFOs are
 * off, as the time limit on their contents is a second reason to interrupt, at its own time. */
static void uart_raise(void)
{
    uart_loop();
    uart_write(UART_FCR, 0);
    uart_write(UART_IER, UART_IER_RX);
    uart_write(UART_THR, 0x55);
}

static void complete(uint32_t source)
{
    mmio_write(plic_claim(), source);
}

/* The wire is high throughout; each step begins where the one before it ended. */
static bool is_pending_only(void)
{
    return WAIT_FOR(plic_is_pending(UART_IRQ)) && external_stays_away();
}

static bool priority_zero_is_never(void)
{
    plic_open(UART_IRQ);
    mmio_write(plic_priority(UART_IRQ), 0);
    return external_stays_away();
}

static bool threshold_masks(void)
{
    mmio_write(plic_threshold(), 3);
    mmio_write(plic_priority(UART_IRQ), 3);
    bool masked = external_stays_away();

    mmio_write(plic_threshold(), 2);
    return masked && external_comes();
}

static bool claim_takes(void)
{
    uint32_t claimed = mmio_read(plic_claim());

    return claimed == UART_IRQ && !plic_is_pending(UART_IRQ) && external_stays_away();
}

/* PLIC 1.2 (Interrupt Gateways). QEMU's own PLIC, natively, sees edges only: there the device has
 * to move its wire. */
static bool comes_again(void)
{
    if (sbi_is_opensbi()) {
        uart_write(UART_IER, 0);
        uart_write(UART_IER, UART_IER_RX);
    }
    complete(UART_IRQ);
    return external_comes() && mmio_read(plic_claim()) == UART_IRQ;
}

static bool goes_with_wire(void)
{
    uart_normal();
    complete(UART_IRQ);
    return external_stays_away() && mmio_read(plic_claim()) == 0;
}

static void check_wire(void)
{
    uart_raise();
    bool enabled = is_pending_only(), priority = priority_zero_is_never();
    bool threshold = threshold_masks(), claimed = claim_takes();
    bool again = comes_again(), gone = goes_with_wire();

    plic_close();
    tap_ok(enabled, "a source that is not enabled is pending, no more");
    tap_ok(priority, "priority 0 means never");
    tap_ok(threshold, "a priority must be above the threshold");
    tap_ok(claimed, "a claim takes the interrupt, and no other comes before its completion");
    tap_ok(again, "while the wire is high the interrupt comes again after completion");
    tap_ok(gone, "when it is low it does not");
}

static unsigned taken, wrong;

static void on_trap(struct trap_frame *frame)
{
    uint32_t source = mmio_read(plic_claim());

    if (frame->scause != (CAUSE_INTERRUPT | INTERRUPT_SEI) || source != UART_IRQ) {
        wrong++;
        csr_write(sie, 0);
        return;
    }
    taken++;
    uart_normal();
    complete(source);
}

static void check_taken(void)
{
    trap_set_handler(on_trap);
    plic_open(UART_IRQ);
    csr_set(sie, SIP_SEIP);
    trap_interrupts_on();
    for (unsigned n = 1; n <= 10; n++) {
        uart_raise();
        WAIT_FOR(taken + wrong >= n);
    }
    trap_interrupts_off();
    csr_clear(sie, SIP_SEIP);
    trap_set_handler(NULL);
    plic_close();
    uart_normal();
    if (!tap_ok(taken == 10 && wrong == 0,
                "ten times an interrupt is taken, claimed and completed"))
        tap_diag("taken %u, wrong %u", taken, wrong);
}

/* Room to send raises the UART's interrupt, through to the claim. */
static void check_sendable(void)
{
    plic_open(UART_IRQ);
    uart_write(UART_IER, UART_IER_THR);
    bool came = external_comes() && mmio_read(plic_claim()) == UART_IRQ;

    came &= (uart_read(UART_IIR) & 0xf) == UART_IIR_THR;
    complete(UART_IRQ);
    came &= external_stays_away();
    uart_normal();
    plic_close();
    tap_ok(came, "room to send interrupts, once");
}

void wire_test(void)
{
    check_wire();
    check_taken();
    check_sendable();
}
