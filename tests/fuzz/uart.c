/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: the serial port between a guest that writes anything to its registers and a peer
 * that sends when it likes. Claimed: bytes come in the order in which they were taken, what is sent
 * arrives once, and the interrupt's wire agrees with IIR. A plain queue stands beside it.
 */
#include "dev/vuart.h"

#include "dev/bus.h"
#include "dev/vuart_regs.h"
#include "fuzz/fuzz.h"

#define BASE 0x10000000UL

static struct bus bus;
static struct vuart vuart;
static bool wire;
static uint8_t queue[VUART_FIFO_BYTES]; /* what the guest must read next */
static unsigned queued;
static unsigned sent, drained;
static uint8_t last_sent;

static void write_out(struct stream *self, const uint8_t *bytes, size_t count)
{
    (void)self;
    fuzz_claim(count == 1);
    last_sent = bytes[0];
    sent++;
}

static void note_drained(struct stream *self)
{
    (void)self;
    fuzz_claim(vuart.fifo_count == 0);
    drained++;
}

static struct stream stream = {.write = write_out, .drained = note_drained};

static void set_wire(void *target, unsigned number, bool level)
{
    (void)target;
    (void)number;
    fuzz_claim(wire != level);
    wire = level;
}

static void start_over(void)
{
    queued = sent = drained = 0;
    wire = false;
    bus_init(&bus);
    vuart_init(&vuart, BASE, (struct irq_line){.set = set_wire}, &stream);
    fuzz_claim(bus_add(&bus, &vuart.vdev) == 0);
}

static bool is_loop(void)
{
    return vuart.mcr & MCR_LOOP;
}

static bool is_divisor(void)
{
    return vuart.lcr & LCR_DLAB;
}

static unsigned capacity(void)
{
    return vuart.fcr & FCR_ENABLE ? VUART_FIFO_BYTES : 1;
}

/* PC16550D 8.4, bit 1: a full FIFO loses the new byte; without FIFOs the old one is lost. */
static void queue_byte(uint8_t byte)
{
    if (queued < capacity())
        queue[queued++] = byte;
    else if (capacity() == 1)
        queue[0] = byte;
}

static uint8_t unqueue_byte(void)
{
    uint8_t byte = queue[0];

    if (queued == 0)
        return 0;
    memmove(queue, queue + 1, --queued);
    return byte;
}

static uint8_t read_at(uint64_t offset, unsigned size)
{
    uint64_t value = 0;

    fuzz_claim(bus_read(&bus, BASE + offset, size, &value));
    fuzz_claim(value <= UINT8_MAX);
    return (uint8_t)value;
}

static void play_read(struct fuzz *fuzz)
{
    uint64_t offset = fuzz_take_below(fuzz, 12);
    unsigned size = offset % 8 == 0 ? 1U << fuzz_take_below(fuzz, 4) : 1;
    bool takes = offset == REG_DATA && !is_divisor();
    bool had_interrupt = wire;
    uint8_t value = read_at(offset, size);

    if (takes)
        fuzz_claim(value == unqueue_byte());
    if (offset == REG_IIR) /* bit 0 is 0 where an interrupt is pending: 8.6 */
        fuzz_claim(!(value & 1) == had_interrupt);
    if (offset == REG_LSR)
        fuzz_claim((value & LSR_DATA_READY) == (queued > 0 ? LSR_DATA_READY : 0));
    if (offset > REG_SCR)
        fuzz_claim(value == 0);
}

static void play_write(struct fuzz *fuzz)
{
    uint64_t offset = fuzz_take_below(fuzz, 12);
    uint8_t value = (uint8_t)fuzz_take(fuzz, 1), fcr = vuart.fcr;
    unsigned before = sent;
    bool sends = offset == REG_DATA && !is_divisor();

    fuzz_claim(bus_write(&bus, BASE + offset, 1, value));
    if (sends && is_loop())
        queue_byte(value);
    fuzz_claim(sent == before + (sends && !is_loop()));
    if (sends && !is_loop())
        fuzz_claim(last_sent == value);
    if (offset == REG_FCR &&
        (((value ^ fcr) & FCR_ENABLE) || ((value & FCR_ENABLE) && (value & FCR_CLEAR_RECEIVE))))
        queued = 0;
}

static void play_input(struct fuzz *fuzz)
{
    uint8_t bytes[24];
    size_t count = fuzz_take_below(fuzz, sizeof(bytes));
    size_t room = vuart_room(&vuart), taken;

    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)fuzz_take(fuzz, 1);
    taken = vuart_receive(&vuart, bytes, count);
    if (is_loop()) {
        fuzz_claim(taken == count && room == 0);
        return;
    }
    fuzz_claim(taken == (count < room ? count : room));
    for (size_t i = 0; i < taken; i++)
        queue_byte(bytes[i]);
}

/* What is restored behaves as what was saved; the wire is shown again. */
static void play_archive(void)
{
    uint8_t record[512];
    struct archive archive;
    struct vuart before = vuart;

    archive_init_writer(&archive, record, sizeof(record));
    bus_archive(&bus, &archive);
    fuzz_claim(archive.error == 0);
    archive_init_reader(&archive, record, archive.position);
    bus_reset(&bus);
    fuzz_claim(!wire && vuart.fifo_count == 0);
    wire = !before.irq_level; /* it is told once more, changed or not */
    bus_archive(&bus, &archive);
    fuzz_claim(archive.error == 0);
    fuzz_claim(memcmp(&before, &vuart, sizeof(vuart)) == 0);
}

static void check(void)
{
    fuzz_claim(vuart.fifo_count == queued && queued <= capacity());
    fuzz_claim(is_loop() || vuart_room(&vuart) == capacity() - queued);
    fuzz_claim(wire == vuart.irq_level);
    for (unsigned i = 0; i < queued; i++)
        fuzz_claim(vuart.fifo[(vuart.fifo_head + i) % VUART_FIFO_BYTES] == queue[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};

    start_over();
    while (fuzz.left > 0) {
        switch (fuzz_take_below(&fuzz, 16)) {
        case 0:
            play_archive();
            break;
        case 1:
        case 2:
        case 3:
            play_input(&fuzz);
            break;
        case 4:
        case 5:
        case 6:
        case 7:
        case 8:
            play_read(&fuzz);
            break;
        default:
            play_write(&fuzz);
            break;
        }
        check();
    }
    return 0;
}
