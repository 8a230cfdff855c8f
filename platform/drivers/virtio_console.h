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

/* Starts the device whose registers are at `base`. False where it cannot be used. */
bool virtio_console_init(uint64_t base);

/* As platform_port_write. */
void virtio_console_write(const char *port, const void *bytes, size_t size);

#endif
