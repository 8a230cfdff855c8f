/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The topics of this guest, one file each, and the devices of the virt board that they use.
 */
#ifndef BOARD_BOARD_H
#define BOARD_BOARD_H

#include "lib/access.h"
#include "lib/clock.h"
#include "lib/tap.h"
#include "riscv/csr.h"

enum {
    UART_CHECKS = 10,
    PLIC_CHECKS = 4,
    WIRE_CHECKS = 8,
    RTC_CHECKS = 7,
    WIDTH_CHECKS = 11,
    HOLE_CHECKS = 10
};

void uart_test(void);
void plic_test(void);
void wire_test(void);
void rtc_test(void);
void width_test(void);
void hole_test(void);

#define TEST_BASE 0x100000UL
#define RTC_BASE  0x101000UL
#define PLIC_BASE 0xc000000UL
#define UART_BASE 0x10000000UL
#define UART_IRQ  10
#define RTC_IRQ   11

static inline uint32_t mmio_read(uint64_t address)
{
    return *(volatile uint32_t *)address;
}

static inline void mmio_write(uint64_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}

/* Registers of an ns16550a; the second name is what is there for writing, or with DLAB set. */
enum uart_register {
    UART_RBR,
    UART_THR = 0,
    UART_DLL = 0,
    UART_IER,
    UART_DLM = 1,
    UART_IIR,
    UART_FCR = 2,
    UART_LCR,
    UART_MCR,
    UART_LSR,
    UART_MSR,
    UART_SCR,
};

#define UART_IER_RX   BIT(0)
#define UART_IER_THR  BIT(1)
#define UART_IIR_NONE 0x1
#define UART_IIR_THR  0x2
#define UART_IIR_RX   0x4
#define UART_FCR_ON   BIT(0)
#define UART_FCR_NEW  BITS(2, 1) /* empty both FIFOs */
#define UART_LCR_8N1  0x3
#define UART_LCR_DLAB BIT(7)
#define UART_MCR_LOOP BIT(4)
#define UART_LSR_DR   BIT(0) /* a byte was received */
#define UART_LSR_IDLE BITS(6, 5)

uint8_t uart_read(enum uart_register reg);
void uart_write(enum uart_register reg, uint8_t value);

/* No interrupts, FIFOs empty, in loopback: what is sent is received. Then back to normal. */
void uart_loop(void);
void uart_normal(void);

/* The PLIC's registers for this hart's S-mode context. */
uint64_t plic_priority(unsigned source);
uint64_t plic_pending(unsigned source);
uint64_t plic_enable(unsigned source); /* of the word with its bit */
uint64_t plic_threshold(void);
uint64_t plic_claim(void);

bool plic_is_pending(unsigned source);

/* Lets one source through, alone; lets none through. */
void plic_open(unsigned source);
void plic_close(void);

/* sip.SEIP comes, or stays away, within a short time. */
bool external_comes(void);
bool external_stays_away(void);

#endif
