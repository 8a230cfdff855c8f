/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The front of an ns16550a serial port with 16-byte FIFOs, byte-spaced registers.
 */
#ifndef DEV_VUART_H
#define DEV_VUART_H

#include "dev/vdev.h"

#define VUART_SIZE       0x100
#define VUART_FIFO_BYTES 16

struct vuart {
    struct vdev vdev;
    /* Where it leads, fixed at creation. */
    struct irq_line irq;
    struct stream *out; /* may be NULL: what is sent is dropped */
    /* The registers. The bus's lock must be held. */
    uint8_t ier, lcr, mcr, fcr, scr, dll, dlm;
    uint8_t causes; /* for an interrupt, each the bit of IER that lets it through */
    bool irq_level; /* of its wire, as it was last set */
    uint8_t fifo[VUART_FIFO_BYTES];
    uint8_t fifo_head; /* index of the oldest byte */
    uint8_t fifo_count;
};

/* The device is in its state after reset, its wire not yet touched; `base` is a guest physical
 * address. */
void vuart_init(struct vuart *vuart, uint64_t base, struct irq_line irq, struct stream *out);

/* Bytes from outside: takes as many as the FIFO holds and returns how many; `out->drained` is
 * called when the guest has read them. The bus's lock must be held. In loopback mode outside
 * bytes are dropped (taken, not stored). */
size_t vuart_receive(struct vuart *vuart, const uint8_t *bytes, size_t count);

/* How many bytes vuart_receive would store now; 0 in loopback. The bus's lock must be held. */
size_t vuart_room(const struct vuart *vuart);

#endif
