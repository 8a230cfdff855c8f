/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Leads a guest's load or store to the device whose window it hits. The exit handler of a guest
 * page fault comes before it, one device's read or write after it. What a register means is
 * the device's business.
 */
#include "dev/bus.h"

#include "lib/bits.h"
#include "lib/err.h"

void bus_init(struct bus *bus)
{
    *bus = (struct bus){0};
}

/* How many devices begin at or below addr: the last of them is the only one that can hold it. */
static unsigned count_up_to(const struct bus *bus, uint64_t addr)
{
    unsigned low = 0;
    unsigned high = bus->count;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (bus->devices[middle]->base <= addr)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Differences of addresses instead of ends: a window may reach up to 2^64. */
static bool overlaps(const struct vdev *lower, const struct vdev *upper)
{
    return upper->base - lower->base < lower->size;
}

static void put(struct bus *bus, unsigned place, struct vdev *vdev)
{
    bus->devices[place] = vdev;
    vdev->place = place;
}

int bus_add(struct bus *bus, struct vdev *vdev)
{
    unsigned place = count_up_to(bus, vdev->base);

    if (vdev->size == 0 || vdev->size - 1 > UINT64_MAX - vdev->base)
        return ERR_INVALID;
    if (place > 0 && overlaps(bus->devices[place - 1], vdev))
        return ERR_EXISTS;
    if (place < bus->count && overlaps(vdev, bus->devices[place]))
        return ERR_EXISTS;
    if (bus->count == BUS_DEVICES_MAX)
        return ERR_NO_MEMORY;
    for (unsigned i = bus->count; i > place; i--)
        put(bus, i, bus->devices[i - 1]);
    put(bus, place, vdev);
    bus->count++;
    return ERR_OK;
}

static bool is_at(const struct vdev *vdev, uint64_t addr)
{
    return addr - vdev->base < vdev->size;
}

unsigned bus_index(const struct bus *bus, uint64_t addr)
{
    unsigned count = count_up_to(bus, addr);

    return count > 0 && is_at(bus->devices[count - 1], addr) ? count - 1 : bus->count;
}

/* The device whose window holds the address, or NULL: not the one of the last access. */
static struct vdev *find_window(struct bus *bus, uint64_t addr)
{
    unsigned place = bus_index(bus, addr);

    if (place == bus->count)
        return NULL;
    bus->recent = bus->devices[place];
    return bus->recent;
}

/* The device that answers the whole access, and how far into its window; or NULL. Drivers stay
 * with one device for a while. A window's ends need not be aligned. */
static inline struct vdev *find(struct bus *bus, uint64_t addr, uint64_t size, uint64_t *offset)
{
    struct vdev *vdev = bus->recent;

    if (!vdev || !is_at(vdev, addr)) {
        vdev = find_window(bus, addr);
        if (!vdev)
            return NULL;
    }
    *offset = addr - vdev->base;
    if (size < vdev->width_min || size > vdev->width_max || !is_aligned(addr, size))
        return NULL;
    return vdev->size - *offset >= size ? vdev : NULL;
}

bool bus_read(struct bus *bus, uint64_t addr, unsigned size, uint64_t *value)
{
    uint64_t offset;

    lock_take(&bus->lock);
    struct vdev *vdev = find(bus, addr, size, &offset);
    if (vdev)
        *value = vdev->ops->read(vdev, offset, size);
    lock_release(&bus->lock);
    return vdev != NULL;
}

bool bus_write(struct bus *bus, uint64_t addr, unsigned size, uint64_t value)
{
    uint64_t offset;

    lock_take(&bus->lock);
    struct vdev *vdev = find(bus, addr, size, &offset);
    if (vdev)
        vdev->ops->write(vdev, offset, size, value);
    lock_release(&bus->lock);
    return vdev != NULL;
}

void bus_reset(struct bus *bus)
{
    lock_take(&bus->lock);
    for (unsigned i = 0; i < bus->count; i++)
        bus->devices[i]->ops->reset(bus->devices[i]);
    lock_release(&bus->lock);
}

/* Before each device its name and base, so that a record made by another board is noticed. */
void bus_archive(struct bus *bus, struct archive *archive)
{
    lock_take(&bus->lock);
    for (unsigned i = 0; i < bus->count; i++) {
        struct vdev *vdev = bus->devices[i];
        uint64_t base = vdev->base;
        archive_u64(archive, vdev->name, &base);
        archive_require(archive, base == vdev->base);
        vdev->ops->archive(vdev, archive);
    }
    lock_release(&bus->lock);
}
