/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtio console with several ports, each with a name: ways for bytes to the world outside
 * beside the console. Of several such devices the first is used.
 */
#ifndef PLATFORM_VIRTIO_CONSOLE_H
#define PLATFORM_VIRTIO_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Starts the device whose registers are at `base`, and whose interrupt of the interrupt controller
 * is `irq`, 0 for none. False where it cannot be used. */
bool virtio_console_init(uint64_t base, uint32_t irq);

/* As platform_port_write. */
void virtio_console_write(const char *port, const void *bytes, size_t size);

/* As platform_port_post and platform_port_is_free. */
bool virtio_console_post(const char *port, const void *bytes, size_t size);
bool virtio_console_is_free(const char *port);

/* As platform_port_read. */
size_t virtio_console_read(const char *port, void *bytes, size_t size);

/* As platform_port_is_left. */
bool virtio_console_is_left(const char *port);

/* From now on the device interrupts when bytes have come, or somebody has come or gone. Returns its
 * irq; 0 where it cannot. */
uint32_t virtio_console_enable(void);

/* That interrupt came. */
void virtio_console_interrupt(void);

#endif
