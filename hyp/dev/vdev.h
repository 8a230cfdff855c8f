/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every device model (front) is to the bus: a window of addresses and four operations. A
 * device sees offsets, sizes and values; never a vCPU, an instruction or a CSR.
 */
#ifndef DEV_VDEV_H
#define DEV_VDEV_H

#include "lib/archive.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vdev;

/*
 * `offset` is below the device's size, `size` is from width_min to width_max, and offset + size
 * does not pass the end; offset is a multiple of size. The bus's lock is held in all four.
 */
struct vdev_ops {
    uint64_t (*read)(struct vdev *self, uint64_t offset, unsigned size);
    void (*write)(struct vdev *self, uint64_t offset, unsigned size, uint64_t value);
    void (*reset)(struct vdev *self); /* to the state after power-on */
    void (*archive)(struct vdev *self, struct archive *archive);
};

struct vdev {
    const char *name;
    const struct vdev_ops *ops;
    uint64_t base;  /* first guest physical address */
    uint64_t size;  /* bytes */
    unsigned place; /* on its bus, by rising base: bus_add */
    /* The narrowest and widest access that it answers, in bytes: 1, 2, 4 or 8. */
    uint8_t width_min, width_max;
};

/* A wire from a device to an interrupt controller's input, or from there to a vCPU. */
struct irq_line {
    void (*set)(void *target, unsigned number, bool level);
    void *target;
    unsigned number;
};

static inline void irq_line_set(const struct irq_line *line, bool level)
{
    if (line->set)
        line->set(line->target, line->number, level);
}

/* A back that takes bytes: what stands behind the sending side of a serial port. Both are called
 * with the bus's lock held. */
struct stream {
    void (*write)(struct stream *self, const uint8_t *bytes, size_t count);
    /* May be NULL. The guest has taken all input: the back can give more, here and now if it
     * likes (vuart_receive), or soon. */
    void (*drained)(struct stream *self);
};

#endif
