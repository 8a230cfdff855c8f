/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The console device. A buffer is sent and waited for, so that what was written has left the
 * machine when the function returns. What came waits in its buffers until somebody reads it, and
 * then outside: nothing is lost. Only such bytes interrupt, and only where they are wanted.
 * Virtio 5.3 (Console Device).
 */
#include "virtio_console.h"

#include "lib/bits.h"
#include "lib/lock.h"
#include "lib/string.h"
#include "lib/virtio_ports.h"
#include "riscv/caps.h"
#include "riscv/hart.h"
#include "virtio_mmio.h"

#define FEATURE_MULTIPORT   BIT(1) /* Virtio 5.3.3 (Feature bits) */
#define CONFIG_MAX_NR_PORTS 4      /* Virtio 5.3.4 (Device configuration layout) */

/* Virtio 5.3.2 (Virtqueues): port 0 has queues 0 and 1, then come those of control messages. */
#define QUEUE_CONTROL_RECEIVE  2
#define QUEUE_CONTROL_TRANSMIT 3
#define QUEUE_RECEIVE(port)    ((port) == 0 ? 0 : 2 * (port) + 2)
#define QUEUE_TRANSMIT(port)   (QUEUE_RECEIVE(port) + 1)

#define MESSAGE_SIZE 64 /* the longest control message is a name */
#define CHUNK_SIZE   256
#define CHUNKS_IN    4 /* that a port can receive before somebody reads */
#define WAIT_SECONDS 2

/* All that the device reads or writes: pages of our image, which no guest's tables can map. */
static struct {
    struct virtq control_receive;
    struct virtq control_transmit;
    struct virtq receive[VIRTIO_PORTS_MAX];
    struct virtq transmit[VIRTIO_PORTS_MAX];
    struct virtio_port_message reply;
    uint8_t messages[VIRTQ_SIZE][MESSAGE_SIZE];
    uint8_t chunks[VIRTIO_PORTS_MAX][CHUNK_SIZE];
    uint8_t chunks_in[VIRTIO_PORTS_MAX][CHUNKS_IN][CHUNK_SIZE];
} __attribute__((aligned(4096))) shared;

/* Set before another hart runs: */
static uint64_t base; /* 0: no device */
static uint32_t irq;
static unsigned port_count;
static struct lock lock;
/* The lock must be held: for `shared` too. */
static struct virtio_ports ports;
static uint32_t partings[VIRTIO_PORTS_MAX]; /* those that is_free knows of */
/* What of a chunk that came is not read yet. */
static struct {
    unsigned slot;
    uint32_t size; /* 0: there is no such chunk */
    uint32_t taken;
} partly[VIRTIO_PORTS_MAX];

static bool set_up_queues(uint64_t device)
{
    port_count =
        (unsigned)min_u64(virtio_mmio_config(device, CONFIG_MAX_NR_PORTS), VIRTIO_PORTS_MAX);
    for (unsigned port = 0; port < port_count; port++) {
        if (!virtio_mmio_queue(device, QUEUE_RECEIVE(port), &shared.receive[port]) ||
            !virtio_mmio_queue(device, QUEUE_TRANSMIT(port), &shared.transmit[port]))
            return false;
    }
    return virtio_mmio_queue(device, QUEUE_CONTROL_RECEIVE, &shared.control_receive) &&
           virtio_mmio_queue(device, QUEUE_CONTROL_TRANSMIT, &shared.control_transmit);
}

static void offer_message(unsigned slot)
{
    virtq_offer(&shared.control_receive, slot, (uint64_t)shared.messages[slot], MESSAGE_SIZE,
                VIRTQ_DESC_WRITE);
}

/* Offers the buffer for what will come; the device must be told then. */
static void offer_chunk(unsigned port, unsigned slot)
{
    virtq_offer(&shared.receive[port], slot, (uint64_t)shared.chunks_in[port][slot], CHUNK_SIZE,
                VIRTQ_DESC_WRITE);
}

static void offer_chunks(void)
{
    for (unsigned port = 0; port < port_count; port++) {
        for (unsigned slot = 0; slot < CHUNKS_IN; slot++)
            offer_chunk(port, slot);
        virtio_mmio_notify(base, QUEUE_RECEIVE(port));
    }
}

/* The queue is idle. Where the device takes too long it is not afterwards: the device still holds
 * the bytes, so they stay as they are, and nothing is sent until it gives them back. */
static void send(struct virtq *queue, unsigned number, const void *bytes, uint32_t size)
{
    uint64_t end = csr_read(time) + (uint64_t)WAIT_SECONDS * caps.timebase;

    virtq_offer(queue, 0, (uint64_t)bytes, size, 0);
    virtio_mmio_notify(base, number);
    while (!virtq_is_idle(queue) && csr_read(time) < end)
        continue;
}

static void send_reply(void)
{
    send(&shared.control_transmit, QUEUE_CONTROL_TRANSMIT, &shared.reply, sizeof(shared.reply));
}

/* Takes in what the device has said so far. */
static void serve_control(void)
{
    unsigned slot;
    uint32_t size;

    while (virtq_is_idle(&shared.control_transmit) &&
           virtq_take(&shared.control_receive, &slot, &size)) {
        bool is_asked = virtio_ports_receive(&ports, shared.messages[slot], size, &shared.reply);

        /* Given back first: the device drops what it has no buffer for. */
        offer_message(slot);
        virtio_mmio_notify(base, QUEUE_CONTROL_RECEIVE);
        if (is_asked)
            send_reply();
    }
}

/* QEMU answers a message before it gives it back, so the ports are known at the end of this. What
 * a device says later is taken in at the next write. */
bool virtio_console_init(uint64_t device, uint32_t device_irq)
{
    if (base)
        return false;
    if (!virtio_mmio_negotiate(device, FEATURE_MULTIPORT) || !set_up_queues(device)) {
        virtio_mmio_give_up(device);
        return false;
    }
    base = device;
    irq = device_irq;
    for (unsigned slot = 0; slot < VIRTQ_SIZE; slot++)
        offer_message(slot);
    virtio_mmio_start(base);
    virtio_mmio_notify(base, QUEUE_CONTROL_RECEIVE);
    shared.reply = (struct virtio_port_message){.event = VIRTIO_PORT_DEVICE_READY, .value = 1};
    send_reply();
    serve_control();
    offer_chunks();
    return true;
}

/* True where the device has taken all that was sent to the port. What its peer leaves unread when
 * it goes, QEMU drops and never gives back: then it is not waited for. Lock held. */
static bool is_free(unsigned port)
{
    if (partings[port] != ports.partings[port])
        virtq_give_up(&shared.transmit[port]);
    partings[port] = ports.partings[port];
    return virtq_is_idle(&shared.transmit[port]);
}

static void send_all(unsigned port, const uint8_t *bytes, size_t size)
{
    struct virtq *queue = &shared.transmit[port];

    while (size > 0 && is_free(port)) {
        uint32_t count = (uint32_t)min_u64(size, CHUNK_SIZE);

        memcpy(shared.chunks[port], bytes, count);
        send(queue, QUEUE_TRANSMIT(port), shared.chunks[port], count);
        bytes += count;
        size -= count;
    }
}

void virtio_console_write(const char *port, const void *bytes, size_t size)
{
    unsigned id;

    if (!base)
        return;
    lock_take(&lock);
    serve_control();
    id = virtio_ports_find(&ports, port);
    if (id < VIRTIO_PORTS_MAX)
        send_all(id, bytes, size);
    lock_release(&lock);
}

/* The bytes go as they lie there: our memory is where it is. */
bool virtio_console_post(const char *port, const void *bytes, size_t size)
{
    bool is_done = true;
    unsigned id;

    if (!base)
        return true;
    lock_take(&lock);
    serve_control();
    id = virtio_ports_find(&ports, port);
    if (id < port_count) {
        is_done = is_free(id);
        if (is_done) {
            virtq_offer(&shared.transmit[id], 0, (uint64_t)bytes, (uint32_t)size, 0);
            virtio_mmio_notify(base, QUEUE_TRANSMIT(id));
        }
    }
    lock_release(&lock);
    return is_done;
}

bool virtio_console_is_free(const char *port)
{
    bool is_done = true;
    unsigned id;

    if (!base)
        return true;
    lock_take(&lock);
    serve_control();
    id = virtio_ports_find(&ports, port);
    if (id < port_count)
        is_done = is_free(id);
    lock_release(&lock);
    return is_done;
}

bool virtio_console_is_left(const char *port)
{
    unsigned id;
    bool is_left;

    if (!base)
        return false;
    lock_take(&lock);
    serve_control();
    id = virtio_ports_find(&ports, port);
    is_left = id < VIRTIO_PORTS_MAX && ports.is_left[id];
    lock_release(&lock);
    return is_left;
}

/* Makes the next chunk that came the one that is read. */
static bool next_chunk(unsigned port)
{
    partly[port].taken = 0;
    return virtq_take(&shared.receive[port], &partly[port].slot, &partly[port].size);
}

static size_t take_bytes(unsigned port, uint8_t *bytes, size_t size)
{
    uint32_t left = partly[port].size - partly[port].taken;
    uint32_t count = (uint32_t)min_u64(size, left);

    memcpy(bytes, &shared.chunks_in[port][partly[port].slot % CHUNKS_IN][partly[port].taken],
           count);
    partly[port].taken += count;
    if (count == left) {
        partly[port].size = partly[port].taken = 0;
        offer_chunk(port, partly[port].slot % CHUNKS_IN);
        virtio_mmio_notify(base, QUEUE_RECEIVE(port));
    }
    return count;
}

size_t virtio_console_read(const char *port, void *bytes, size_t size)
{
    size_t count = 0;
    unsigned id;

    if (!base)
        return 0;
    lock_take(&lock);
    serve_control();
    id = virtio_ports_find(&ports, port);
    while (id < port_count && count < size && (partly[id].size > 0 || next_chunk(id)))
        count += take_bytes(id, (uint8_t *)bytes + count, size - count);
    lock_release(&lock);
    return count;
}

uint32_t virtio_console_enable(void)
{
    shared.control_receive.avail.flags = 0;
    for (unsigned port = 0; port < port_count; port++)
        shared.receive[port].avail.flags = 0;
    return irq;
}

void virtio_console_interrupt(void)
{
    virtio_mmio_acknowledge(base);
}
