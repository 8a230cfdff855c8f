/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The receive FIFO of the serial port: 16 bytes, or a single one while FIFOs are off. The bus's
 * lock must be held.
 */
#ifndef DEV_VUART_FIFO_H
#define DEV_VUART_FIFO_H

#include "dev/vuart.h"

bool vuart_fifo_is_enabled(const struct vuart *vuart);

/* How many bytes it holds at most. */
unsigned vuart_fifo_capacity(const struct vuart *vuart);

/* One more byte; where there is no room the overrun is noted in lsr. */
void vuart_fifo_store(struct vuart *vuart, uint8_t byte);

/* The oldest byte, taken out; 0 where there is none. */
uint8_t vuart_fifo_take(struct vuart *vuart);

void vuart_fifo_clear(struct vuart *vuart);

#endif
