/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtio over MMIO, version 2: finding a device, agreeing on features, telling it where its
 * queues are. `base` is the address of the device's registers. Not for what a device does: its
 * own driver calls these functions in the order in which they stand here.
 * Virtio 4.2 (Virtio Over MMIO), 3.1.1 (Driver Requirements: Device Initialization).
 */
#ifndef PLATFORM_VIRTIO_MMIO_H
#define PLATFORM_VIRTIO_MMIO_H

#include "lib/virtq.h"
#include "platform.h"

/* For the list of drivers: hands the device to the driver of its kind, if there is one. */
bool virtio_mmio_init(const void *fdt, int node, const struct platform_range *registers);

/* Resets the device and takes exactly `features`, bits below 32, and VIRTIO_F_VERSION_1. False
 * where the device does not have them all. */
bool virtio_mmio_negotiate(uint64_t base, uint32_t features);

/* A 32-bit field of the device's configuration. */
uint32_t virtio_mmio_config(uint64_t base, unsigned offset);

/* Makes `queue`, which stays where it is, the device's queue `number`. False where the device has
 * no such queue or only a smaller one. */
bool virtio_mmio_queue(uint64_t base, unsigned number, struct virtq *queue);

/* All is set up, the device may work; or it is given up, and must not be used. */
void virtio_mmio_start(uint64_t base);
void virtio_mmio_give_up(uint64_t base);

/* Tells the device that buffers were offered in queue `number`. */
void virtio_mmio_notify(uint64_t base, unsigned number);

/* Takes back the interrupt that the device has raised. */
void virtio_mmio_acknowledge(uint64_t base);

#endif
