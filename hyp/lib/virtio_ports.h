/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ports of a virtio console as its control messages tell of them: which there are and what
 * they are called. Not for moving bytes: platform/drivers/virtio_console.c does.
 * Virtio 5.3.6.2 (Multiport Device Operation).
 */
#ifndef LIB_VIRTIO_PORTS_H
#define LIB_VIRTIO_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VIRTIO_PORTS_MAX     8
#define VIRTIO_PORT_NAME_MAX 32 /* with its NUL */

struct virtio_port_message {
    uint32_t id; /* of the port */
    uint16_t event;
    uint16_t value;
};

enum virtio_port_event {
    VIRTIO_PORT_DEVICE_READY = 0,
    VIRTIO_PORT_DEVICE_ADD = 1,
    VIRTIO_PORT_DEVICE_REMOVE = 2,
    VIRTIO_PORT_READY = 3,
    VIRTIO_PORT_CONSOLE = 4,
    VIRTIO_PORT_OPEN = 6,
    VIRTIO_PORT_NAME = 7, /* the name follows the message */
};

/* Start state: all zero, no port. */
struct virtio_ports {
    char names[VIRTIO_PORTS_MAX][VIRTIO_PORT_NAME_MAX]; /* by id; empty: no port of a name */
    bool is_left[VIRTIO_PORTS_MAX];      /* by id: whoever was at the other end has gone */
    uint32_t partings[VIRTIO_PORTS_MAX]; /* how often the peer of each has left */
};

/* Takes in a message of `size` bytes from the device. True where `reply` must be sent back.
 * Messages that are cut, unknown, or about a port beyond VIRTIO_PORTS_MAX change nothing; a port
 * whose name is too long has none. */
bool virtio_ports_receive(struct virtio_ports *ports, const void *message, size_t size,
                          struct virtio_port_message *reply);

/* The id of the port of that name; VIRTIO_PORTS_MAX where there is none. */
unsigned virtio_ports_find(const struct virtio_ports *ports, const char *name);

#endif
