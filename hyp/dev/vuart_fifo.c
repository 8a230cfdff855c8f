/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes on their way to the guest. The registers that show them are dev/vuart.c's.
 */
#include "dev/vuart_fifo.h"

#include "dev/vuart_regs.h"

bool vuart_fifo_is_enabled(const struct vuart *vuart)
{
    return vuart->fcr & FCR_ENABLE;
}

unsigned vuart_fifo_capacity(const struct vuart *vuart)
{
    return vuart_fifo_is_enabled(vuart) ? VUART_FIFO_BYTES : 1;
}

/* Into a full FIFO the new byte is lost; without FIFOs the old one is: PC16550D 8.4 (Line Status
 * Register), bit 1. */
void vuart_fifo_store(struct vuart *vuart, uint8_t byte)
{
    if (vuart->fifo_count < vuart_fifo_capacity(vuart)) {
        vuart->fifo[(vuart->fifo_head + vuart->fifo_count) % VUART_FIFO_BYTES] = byte;
        vuart->fifo_count++;
        vuart->causes |= IER_DATA;
        return;
    }
    vuart->causes |= IER_LINE_STATUS;
    if (!vuart_fifo_is_enabled(vuart))
        vuart->fifo[vuart->fifo_head] = byte;
}

uint8_t vuart_fifo_take(struct vuart *vuart)
{
    uint8_t byte = vuart->fifo[vuart->fifo_head];

    if (vuart->fifo_count == 0)
        return 0;
    vuart->fifo_head = (vuart->fifo_head + 1) % VUART_FIFO_BYTES;
    vuart->fifo_count--;
    if (vuart->fifo_count == 0)
        vuart->causes &= ~IER_DATA;
    return byte;
}

void vuart_fifo_clear(struct vuart *vuart)
{
    vuart->fifo_head = 0;
    vuart->fifo_count = 0;
    vuart->causes &= ~IER_DATA;
}
