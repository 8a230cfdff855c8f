/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: what a virtio device of the machine below may do to its driver: control messages
 * of any content, and a used ring of any content. Claimed: names end, replies are ones that the
 * standard knows, and no slot or size leads out of what was offered.
 */
#include "fuzz/fuzz.h"
#include "lib/virtio_ports.h"
#include "lib/virtq.h"

static void check_ports(const struct virtio_ports *ports)
{
    for (unsigned i = 0; i < VIRTIO_PORTS_MAX; i++) {
        unsigned found = VIRTIO_PORTS_MAX;

        fuzz_claim(strnlen(ports->names[i], VIRTIO_PORT_NAME_MAX) < VIRTIO_PORT_NAME_MAX);
        if (ports->names[i][0])
            found = virtio_ports_find(ports, ports->names[i]);
        fuzz_claim(!ports->names[i][0] || found <= i);
    }
}

/* The message stands in a block of its own size: what is read behind it is found. */
static void play_message(struct virtio_ports *ports, struct fuzz *fuzz)
{
    size_t size = fuzz_take_below(fuzz, 64);
    uint8_t *message = malloc(size ? size : 1);
    struct virtio_port_message reply;

    for (size_t i = 0; i < size; i++)
        message[i] = (uint8_t)fuzz_take(fuzz, 1);
    memset(&reply, 0xff, sizeof(reply));
    if (virtio_ports_receive(ports, message, size, &reply))
        fuzz_claim(reply.event <= VIRTIO_PORT_NAME && reply.id < VIRTIO_PORTS_MAX);
    free(message);
    check_ports(ports);
}

static void play_ring(struct virtq *queue, struct fuzz *fuzz)
{
    unsigned slot = VIRTQ_SIZE;
    uint32_t size = UINT32_MAX;

    virtq_offer(queue, fuzz_take_below(fuzz, VIRTQ_SIZE), 0x1000, (uint32_t)fuzz_take(fuzz, 2), 0);
    queue->used.index = (uint16_t)fuzz_take(fuzz, 2);
    queue->used.ring[fuzz_take_below(fuzz, VIRTQ_SIZE)].id = (uint32_t)fuzz_take(fuzz, 4);
    queue->used.ring[fuzz_take_below(fuzz, VIRTQ_SIZE)].size = (uint32_t)fuzz_take(fuzz, 4);
    for (unsigned i = 0; i < VIRTQ_SIZE && virtq_take(queue, &slot, &size); i++) {
        fuzz_claim(slot < VIRTQ_SIZE);
        fuzz_claim(size <= queue->desc[slot].size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};
    struct virtio_ports ports = {0};
    struct virtq queue;

    virtq_init(&queue);
    while (fuzz.left > 0) {
        if (fuzz_take_bool(&fuzz))
            play_message(&ports, &fuzz);
        else
            play_ring(&queue, &fuzz);
    }
    return 0;
}
