/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One VM's device bus: finds the device at an address, subtracts its base, and holds the one
 * lock of all devices of that VM while the device works.
 */
#ifndef DEV_BUS_H
#define DEV_BUS_H

#include "dev/vdev.h"
#include "lib/lock.h"

#define BUS_DEVICES_MAX 32

struct bus {
    struct lock lock;
    /* bus->lock must be held, but for adding before the VM first runs: */
    struct vdev *devices[BUS_DEVICES_MAX]; /* by rising base */
    unsigned count;
    struct vdev *recent; /* where the last access went; NULL before the first */
};

void bus_init(struct bus *bus);

/* ERR_EXISTS where the windows overlap, ERR_NO_MEMORY where the bus is full, ERR_INVALID where
 * the window is empty or wraps. The VM does not run yet. */
int bus_add(struct bus *bus, struct vdev *vdev);

/*
 * A guest's load or store of `size` bytes (1, 2, 4, 8) at the guest physical address `addr`.
 * False, with nothing changed, where no device answers there: the access is not aligned to its
 * size, hits no window, has a width that the device does not answer, or passes a window's end.
 * Takes the lock.
 */
bool bus_read(struct bus *bus, uint64_t addr, unsigned size, uint64_t *value);
bool bus_write(struct bus *bus, uint64_t addr, unsigned size, uint64_t value);

/* The place in devices[] of the one whose window holds `addr`; count where there is none. The
 * devices of a VM that has run never change, so no lock is needed. */
unsigned bus_index(const struct bus *bus, uint64_t addr);

/* The device of the last access, where its window holds `addr`; or NULL. Another vCPU may make
 * another one the last meanwhile. */
static inline const struct vdev *bus_recent(const struct bus *bus, uint64_t addr)
{
    const struct vdev *vdev = __atomic_load_n(&bus->recent, __ATOMIC_RELAXED);

    return vdev && addr - vdev->base < vdev->size ? vdev : NULL;
}

/* Resets, or archives, every device in the order of their addresses. Takes the lock. */
void bus_reset(struct bus *bus);
void bus_archive(struct bus *bus, struct archive *archive);

#endif
