/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers of virtio over MMIO. A board has several windows, on QEMU's virt eight, and most
 * may be empty: a device id of 0. Virtio 4.2.2 (MMIO Device Register Layout).
 */
#include "virtio_mmio.h"

#include "drivers.h"
#include "lib/bits.h"
#include "riscv/hart.h"
#include "tree.h"
#include "virtio_console.h"

#define MAGIC_VALUE         0x000
#define VERSION             0x004
#define DEVICE_ID           0x008
#define DEVICE_FEATURES     0x010
#define DEVICE_FEATURES_SEL 0x014
#define DRIVER_FEATURES     0x020
#define DRIVER_FEATURES_SEL 0x024
#define QUEUE_SEL           0x030
#define QUEUE_NUM_MAX       0x034
#define QUEUE_NUM           0x038
#define QUEUE_READY         0x044
#define QUEUE_NOTIFY        0x050
#define INTERRUPT_STATUS    0x060
#define INTERRUPT_ACK       0x064
#define STATUS              0x070
#define QUEUE_DESC          0x080 /* each of the three: low word, then high word */
#define QUEUE_DRIVER        0x090
#define QUEUE_DEVICE        0x0a0
#define CONFIG              0x100

#define MAGIC   0x74726976
#define MODERN  2 /* version 1 is the layout from before the standard */
#define CONSOLE 3 /* Virtio 5.3.1 (Device ID) */

/* Virtio 2.1 (Device Status Field) */
#define STATUS_ACKNOWLEDGE BIT(0)
#define STATUS_DRIVER      BIT(1)
#define STATUS_DRIVER_OK   BIT(2)
#define STATUS_FEATURES_OK BIT(3)
#define STATUS_FAILED      BIT(7)

#define FEATURES_HIGH_VERSION_1 BIT(0) /* feature 32 */

bool virtio_mmio_init(const void *fdt, int node, const struct platform_range *registers)
{
    uint64_t base = registers->base;

    if (mmio_read32(base + MAGIC_VALUE) != MAGIC || mmio_read32(base + VERSION) != MODERN)
        return false;
    return mmio_read32(base + DEVICE_ID) == CONSOLE &&
           virtio_console_init(base, tree_u32(fdt, node, "interrupts", 0));
}

static void add_status(uint64_t base, uint64_t bits)
{
    mmio_write32(base + STATUS, mmio_read32(base + STATUS) | (uint32_t)bits);
}

static uint32_t device_features(uint64_t base, uint32_t word)
{
    mmio_write32(base + DEVICE_FEATURES_SEL, word);
    return mmio_read32(base + DEVICE_FEATURES);
}

static void set_driver_features(uint64_t base, uint32_t word, uint32_t features)
{
    mmio_write32(base + DRIVER_FEATURES_SEL, word);
    mmio_write32(base + DRIVER_FEATURES, features);
}

bool virtio_mmio_negotiate(uint64_t base, uint32_t features)
{
    mmio_write32(base + STATUS, 0);
    if (mmio_read32(base + STATUS) != 0) /* a reset that takes time is not waited for */
        return false;
    add_status(base, STATUS_ACKNOWLEDGE);
    add_status(base, STATUS_DRIVER);
    if ((device_features(base, 0) & features) != features ||
        !(device_features(base, 1) & FEATURES_HIGH_VERSION_1))
        return false;
    set_driver_features(base, 0, features);
    set_driver_features(base, 1, FEATURES_HIGH_VERSION_1);
    add_status(base, STATUS_FEATURES_OK);
    return (mmio_read32(base + STATUS) & STATUS_FEATURES_OK) != 0;
}

uint32_t virtio_mmio_config(uint64_t base, unsigned offset)
{
    return mmio_read32(base + CONFIG + offset);
}

static void set_address(uint64_t reg, const volatile void *part)
{
    mmio_write32(reg, (uint32_t)(uint64_t)part);
    mmio_write32(reg + 4, (uint32_t)((uint64_t)part >> 32));
}

/* Virtio 4.2.3.2 (Virtqueue Configuration). Memory is mapped one to one, and a device of ours
 * sees it as we do. */
bool virtio_mmio_queue(uint64_t base, unsigned number, struct virtq *queue)
{
    mmio_write32(base + QUEUE_SEL, number);
    if (mmio_read32(base + QUEUE_READY) != 0 || mmio_read32(base + QUEUE_NUM_MAX) < VIRTQ_SIZE)
        return false;
    virtq_init(queue);
    mmio_write32(base + QUEUE_NUM, VIRTQ_SIZE);
    set_address(base + QUEUE_DESC, queue->desc);
    set_address(base + QUEUE_DRIVER, &queue->avail);
    set_address(base + QUEUE_DEVICE, &queue->used);
    hart_fence_io();
    mmio_write32(base + QUEUE_READY, 1);
    return true;
}

void virtio_mmio_start(uint64_t base)
{
    add_status(base, STATUS_DRIVER_OK);
}

void virtio_mmio_give_up(uint64_t base)
{
    add_status(base, STATUS_FAILED);
}

/* Virtio 2.7.13.4 (Notifying The Device): the device looks when it is told, so what it must find
 * is in memory before. */
void virtio_mmio_notify(uint64_t base, unsigned number)
{
    hart_fence_io();
    mmio_write32(base + QUEUE_NOTIFY, number);
}

/* Virtio 4.2.3.3 (Notifications From The Device) */
void virtio_mmio_acknowledge(uint64_t base)
{
    mmio_write32(base + INTERRUPT_ACK, mmio_read32(base + INTERRUPT_STATUS));
}
