/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A split virtqueue in memory, and what a driver does with it: buffers are offered to the device
 * and come back when it has used them. Not for telling the device: that is the transport's
 * (platform/drivers/virtio_mmio.h). Virtio 2.7 (Split Virtqueues).
 */
#ifndef LIB_VIRTQ_H
#define LIB_VIRTQ_H

#include <stdbool.h>
#include <stdint.h>

#define VIRTQ_SIZE 16 /* descriptors; a power of two */

/* Virtio 2.7.5 (The Virtqueue Descriptor Table) */
struct virtq_desc {
    uint64_t address; /* physical */
    uint32_t size;
    uint16_t flags;
    uint16_t next;
};

#define VIRTQ_DESC_WRITE 2 /* the device writes the buffer; otherwise it reads it */

/* Virtio 2.7.6 (The Virtqueue Available Ring): written by the driver. */
struct virtq_avail {
    uint16_t flags;
    uint16_t index; /* entries so far, modulo 2^16 */
    uint16_t ring[VIRTQ_SIZE];
    uint16_t used_event;
};

#define VIRTQ_AVAIL_NO_INTERRUPT 1

/* Virtio 2.7.8 (The Virtqueue Used Ring): written by the device. */
struct virtq_used {
    uint16_t flags;
    uint16_t index; /* entries so far, modulo 2^16 */
    struct {
        uint32_t id;
        uint32_t size;
    } ring[VIRTQ_SIZE];
    uint16_t avail_event;
};

struct virtq {
    _Alignas(16) struct virtq_desc desc[VIRTQ_SIZE];
    struct virtq_avail avail;
    struct virtq_used used;
    uint16_t lost;  /* buffers that the device will not give back: virtq_give_up */
    uint16_t taken; /* entries of the used ring that the driver has looked at, modulo 2^16 */
};

/* An empty queue whose device need not interrupt: the driver looks by itself. */
void virtq_init(struct virtq *queue);

/* Offers the device the buffer at `address` under the number `slot`, below VIRTQ_SIZE, which the
 * device does not hold. `flags` is 0 or VIRTQ_DESC_WRITE. The device must be told then. */
void virtq_offer(struct virtq *queue, unsigned slot, uint64_t address, uint32_t size,
                 uint16_t flags);

/* The next buffer that the device has used: its slot, and how much it wrote, at most the buffer's
 * size whatever the device claims. False where there is none. */
bool virtq_take(struct virtq *queue, unsigned *slot, uint32_t *size);

/* What the device holds now counts as used, and virtq_is_idle does not wait for it. */
void virtq_give_up(struct virtq *queue);

/* True where the device holds none of the buffers: it has used as many as were offered. */
bool virtq_is_idle(const struct virtq *queue);

#endif
