/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rings whose indices count on and wrap at 2^16. The driver's index is stored with release, the
 * device's loaded with acquire: what an entry speaks of is in memory before the entry counts.
 */
#include "lib/virtq.h"

#include "lib/bits.h"
#include "lib/string.h"

void virtq_init(struct virtq *queue)
{
    memset(queue, 0, sizeof(*queue));
    queue->avail.flags = VIRTQ_AVAIL_NO_INTERRUPT;
}

static uint16_t used_index(const struct virtq *queue)
{
    return __atomic_load_n(&queue->used.index, __ATOMIC_ACQUIRE);
}

static uint16_t held(const struct virtq *queue)
{
    return (uint16_t)(queue->avail.index - used_index(queue));
}

/* Virtio 2.7.13 (Supplying Buffers to The Device) */
void virtq_offer(struct virtq *queue, unsigned slot, uint64_t address, uint32_t size,
                 uint16_t flags)
{
    uint16_t index = queue->avail.index;

    if (held(queue) < queue->lost)
        queue->lost = held(queue); /* given up, and came back all the same */
    queue->desc[slot] = (struct virtq_desc){.address = address, .size = size, .flags = flags};
    queue->avail.ring[index % VIRTQ_SIZE] = (uint16_t)slot;
    __atomic_store_n(&queue->avail.index, (uint16_t)(index + 1), __ATOMIC_RELEASE);
}

/* Virtio 2.7.14 (Receiving Used Buffers From The Device). A device that names a slot which does
 * not exist gives back another of ours; it can do no worse. */
bool virtq_take(struct virtq *queue, unsigned *slot, uint32_t *size)
{
    unsigned entry = queue->taken % VIRTQ_SIZE;

    if (queue->taken == used_index(queue))
        return false;
    *slot = queue->used.ring[entry].id % VIRTQ_SIZE;
    *size = (uint32_t)min_u64(queue->used.ring[entry].size, queue->desc[*slot].size);
    queue->taken++;
    return true;
}

void virtq_give_up(struct virtq *queue)
{
    queue->lost = held(queue);
}

bool virtq_is_idle(const struct virtq *queue)
{
    return held(queue) <= queue->lost;
}
