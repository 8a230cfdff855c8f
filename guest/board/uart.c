// SPDX-License-Identifier: BSD-2-Clause
/*
 * The serial port, by the PC16550D data sheet, 8 (Registers). Natively it is also the firmware's
 * console, which our lines go through: nothing is printed while it is in loopback.
 */
#include "board/board.h"
#include "lib/harts.h"

uint8_t uart_read(enum uart_register reg)
{
    return *(volatile uint8_t *)(UART_BASE + reg);
}

void uart_write(enum uart_register reg, uint8_t value)
{
    *(volatile uint8_t *)(UART_BASE + reg) = value;
}

void uart_loop(void)
{
    uart_write(UART_IER, 0);
    uart_write(UART_MCR, UART_MCR_LOOP);
    uart_write(UART_FCR, UART_FCR_ON | UART_FCR_NEW);
}

void uart_normal(void)
{
    uart_write(UART_IER, 0);
    uart_write(UART_FCR, UART_FCR_ON | UART_FCR_NEW);
    uart_write(UART_MCR, 0);
}

static bool has_byte(void)
{
    return uart_read(UART_LSR) & UART_LSR_DR;
}

static void check_scratch(void)
{
    bool kept = true;

    for (unsigned value = 0; value < 256; value++) {
        uart_write(UART_SCR, (uint8_t)value);
        kept &= uart_read(UART_SCR) == value;
    }
    tap_ok(kept, "the scratch register keeps what is written");
}

static void check_divisor(void)
{
    uint8_t low, high;

    uart_write(UART_LCR, UART_LCR_8N1 | UART_LCR_DLAB);
    low = uart_read(UART_DLL);
    high = uart_read(UART_DLM);
    uart_write(UART_DLL, 0x12);
    uart_write(UART_DLM, 0x34);
    bool kept = uart_read(UART_DLL) == 0x12 && uart_read(UART_DLM) == 0x34;

    uart_write(UART_DLL, low);
    uart_write(UART_DLM, high);
    uart_write(UART_LCR, UART_LCR_8N1);
    tap_ok(kept && uart_read(UART_LCR) == UART_LCR_8N1 && uart_read(UART_IER) == 0,
           "DLAB shows the divisor where else RBR and IER are");
}

static void check_idle(void)
{
    tap_ok((uart_read(UART_LSR) & UART_LSR_IDLE) == UART_LSR_IDLE, "an idle port can be sent to");
    uart_write(UART_FCR, UART_FCR_ON);
    uint8_t with_fifo = uart_read(UART_IIR);

    uart_write(UART_FCR, 0);
    tap_ok(with_fifo == (0xc0 | UART_IIR_NONE) && uart_read(UART_IIR) == UART_IIR_NONE,
           "IIR says that no interrupt is pending, and whether FIFOs are on");
}

static void check_loop(void)
{
    bool in_order = true, emptied;

    uart_loop();
    for (unsigned i = 0; i < 16; i++)
        uart_write(UART_THR, (uint8_t)(0xf0 + i));
    for (unsigned i = 0; i < 16; i++)
        in_order &= WAIT_FOR(has_byte()) && uart_read(UART_RBR) == 0xf0 + i;
    in_order &= !has_byte();

    uart_write(UART_THR, 1);
    emptied = WAIT_FOR(has_byte());
    uart_write(UART_FCR, UART_FCR_ON | UART_FCR_NEW);
    emptied &= !has_byte();
    uart_normal();
    tap_ok(in_order, "in loopback 16 bytes sent are received, in order");
    tap_ok(emptied, "resetting the FIFOs empties them");
}

/* Each modem control bit shows as a modem status bit: RTS as CTS, DTR as DSR, OUT1 as RI, OUT2
 * as DCD. */
static void check_modem(void)
{
    static const uint8_t status[4] = {0x20, 0x10, 0x40, 0x80};
    bool good = true;

    uart_loop();
    for (unsigned i = 0; i < 4; i++) {
        uart_write(UART_MCR, (uint8_t)(UART_MCR_LOOP | BIT(i)));
        good &= (uart_read(UART_MSR) & 0xf0) == status[i];
    }
    uart_normal();
    tap_ok(good, "in loopback modem control shows as modem status");
}

static void check_output(void)
{
    bool ready = true;

    for (const char *c = "# these bytes went through the UART's registers\n"; *c; c++) {
        ready &= WAIT_FOR(uart_read(UART_LSR) & BIT(5));
        uart_write(UART_THR, (uint8_t)*c);
    }
    ready &= WAIT_FOR((uart_read(UART_LSR) & UART_LSR_IDLE) == UART_LSR_IDLE);
    tap_ok(ready, "bytes are sent as fast as LSR allows");
}

static uint8_t interrupt_source(void)
{
    return uart_read(UART_IIR) & 0xf;
}

static void check_interrupt_sources(void)
{
    bool sendable, received;

    uart_loop();
    uart_write(UART_IER, UART_IER_THR);
    sendable = interrupt_source() == UART_IIR_THR && interrupt_source() == UART_IIR_NONE;
    uart_write(UART_IER, UART_IER_RX);
    uart_write(UART_THR, 7);
    received = WAIT_FOR(has_byte()) && (interrupt_source() & 0x7) == UART_IIR_RX &&
               uart_read(UART_RBR) == 7 && interrupt_source() == UART_IIR_NONE;
    uart_normal();
    tap_ok(sendable, "the interrupt that says there is room to send ends when IIR is read");
    tap_ok(received, "the interrupt that says a byte is there ends when it is read");
}

void uart_test(void)
{
    uart_normal();
    check_scratch();
    check_divisor();
    check_idle();
    check_loop();
    check_modem();
    check_output();
    check_interrupt_sources();
}
