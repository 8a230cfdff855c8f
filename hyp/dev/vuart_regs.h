/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers of the 16550, as far as vuart.c knows them: offsets and bits, from PC16550D 8.0
 * (Registers), table II.
 */
#ifndef DEV_VUART_REGS_H
#define DEV_VUART_REGS_H

#include "lib/bits.h"

enum {
    REG_DATA,          /* reading RBR, writing THR; with DLAB the low byte of the divisor */
    REG_IER,           /* with DLAB the high byte of the divisor */
    REG_IIR,           /* reading */
    REG_FCR = REG_IIR, /* writing */
    REG_LCR,
    REG_MCR,
    REG_LSR,
    REG_MSR,
    REG_SCR,
};

/* IER: which sources may interrupt. vuart->causes has the same bits: */
#define IER_LINE_STATUS BIT(2) /* a byte was lost, and LSR not read since */
#define IER_THR_EMPTY   BIT(1) /* sent, and not yet seen through IIR */
#define IER_DATA        BIT(0) /* the FIFO is not empty */
#define IER_ALL         BITS(3, 0)

/* IIR: who interrupts. Bits 3:0 are one of the enumerators. */
#define IIR_FIFO_ENABLED BITS(7, 6)

enum {
    IIR_NONE = 0x1,
    IIR_THR_EMPTY = 0x2,
    IIR_DATA = 0x4,
    IIR_LINE_STATUS = 0x6,
    IIR_TIMEOUT = 0xc,
};

/* FCR: the FIFOs. */
#define FCR_TRIGGER       BITS(7, 6)
#define FCR_CLEAR_RECEIVE BIT(1)
#define FCR_ENABLE        BIT(0)

/* LCR: the line, and whether the divisor hides RBR, THR and IER. */
#define LCR_DLAB BIT(7)

/* MCR: the modem outputs. */
#define MCR_LOOP BIT(4)
#define MCR_OUT2 BIT(3)
#define MCR_OUT1 BIT(2)
#define MCR_RTS  BIT(1)
#define MCR_DTR  BIT(0)
#define MCR_ALL  BITS(4, 0)

/* LSR: the state of sending and receiving. */
#define LSR_TRANSMITTER_EMPTY BIT(6)
#define LSR_THR_EMPTY         BIT(5)
#define LSR_OVERRUN           BIT(1)
#define LSR_DATA_READY        BIT(0)

/* MSR: the modem inputs. */
#define MSR_DCD BIT(7)
#define MSR_RI  BIT(6)
#define MSR_DSR BIT(5)
#define MSR_CTS BIT(4)

#endif
