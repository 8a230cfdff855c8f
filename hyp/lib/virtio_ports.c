/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A port is added, we are ready for it, the device names it, we open it: a table of names is all
 * that stays of the talk.
 */
#include "lib/virtio_ports.h"

#include "lib/string.h"

/* QEMU ends the name by a NUL, which the manual does not have. */
static void set_name(char *name, const char *text, size_t size)
{
    size_t length = strnlen(text, size);

    memset(name, 0, VIRTIO_PORT_NAME_MAX);
    if (length < VIRTIO_PORT_NAME_MAX)
        memcpy(name, text, length);
}

bool virtio_ports_receive(struct virtio_ports *ports, const void *message, size_t size,
                          struct virtio_port_message *reply)
{
    struct virtio_port_message head;

    if (size < sizeof(head))
        return false;
    memcpy(&head, message, sizeof(head));
    if (head.id >= VIRTIO_PORTS_MAX)
        return false;
    *reply = (struct virtio_port_message){.id = head.id, .value = 1};
    switch (head.event) {
    case VIRTIO_PORT_DEVICE_ADD:
        reply->event = VIRTIO_PORT_READY;
        return true;
    case VIRTIO_PORT_NAME:
        set_name(ports->names[head.id], (const char *)message + sizeof(head), size - sizeof(head));
        reply->event = VIRTIO_PORT_OPEN;
        return true;
    case VIRTIO_PORT_CONSOLE:
        reply->event = VIRTIO_PORT_OPEN;
        return true;
    case VIRTIO_PORT_OPEN:
        ports->is_left[head.id] = head.value == 0;
        ports->partings[head.id] += head.value == 0;
        return false;
    case VIRTIO_PORT_DEVICE_REMOVE:
        ports->names[head.id][0] = '\0';
        return false;
    default:
        return false;
    }
}

unsigned virtio_ports_find(const struct virtio_ports *ports, const char *name)
{
    unsigned id = 0;

    while (id < VIRTIO_PORTS_MAX &&
           (ports->names[id][0] == '\0' || strcmp(ports->names[id], name) != 0))
        id++;
    return id;
}
