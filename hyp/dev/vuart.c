/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ns16550a as the guest sees it: eight byte-wide registers, a receive FIFO, one interrupt.
 * What is sent goes to the back (`out`) at once, so the transmitter is always empty; what comes
 * in is given by vuart_receive. Sections are those of National's PC16550D data sheet (1995).
 * Simplified: no line speed, parity, break or transmit FIFO; the modem lines never change, so
 * that there is no modem status interrupt, in loopback neither.
 */
#include "dev/vuart.h"

#include "dev/vuart_fifo.h"
#include "dev/vuart_regs.h"

#define DIVISOR_LOW_RESET 12 /* 9600 baud of the usual 1.8432 MHz, as QEMU has it */

_Static_assert(offsetof(struct vuart, vdev) == 0, "a vdev is cast to its vuart");

static bool is_loop(const struct vuart *vuart)
{
    return vuart->mcr & MCR_LOOP;
}

/*
 * The source that IIR reports: PC16550D 8.6 (Interrupt Identification Register), table IV.
 * Simplified: below the trigger level a byte counts as timed out at once, not after the time of
 * four characters (8.11), so data is announced as soon as it is there.
 */
static uint8_t interrupt_source(const struct vuart *vuart)
{
    static const uint8_t trigger_bytes[] = {1, 4, 8, 14};
    uint8_t trigger = trigger_bytes[field_get(FCR_TRIGGER, vuart->fcr)];
    uint8_t active = vuart->causes & vuart->ier;

    if (active & IER_LINE_STATUS)
        return IIR_LINE_STATUS;
    if (active & IER_DATA)
        return vuart->fifo_count >= trigger ? IIR_DATA : IIR_TIMEOUT;
    return active ? IIR_THR_EMPTY : IIR_NONE;
}

static void update_irq(struct vuart *vuart)
{
    bool level = vuart->causes & vuart->ier;

    if (level == vuart->irq_level)
        return;
    vuart->irq_level = level;
    irq_line_set(&vuart->irq, level);
}

/* Tells the back that there is room, unless the line is cut by loopback. */
static void ask_for_input(const struct vuart *vuart)
{
    if (vuart->fifo_count == 0 && !is_loop(vuart) && vuart->out && vuart->out->drained)
        vuart->out->drained(vuart->out);
}

static uint8_t read_data(struct vuart *vuart)
{
    uint8_t byte = vuart_fifo_take(vuart);

    ask_for_input(vuart);
    return byte;
}

/* In loopback the byte comes back instead of leaving: 8.8 (Modem Control Register), bit 4. */
static void write_data(struct vuart *vuart, uint8_t byte)
{
    if (is_loop(vuart))
        vuart_fifo_store(vuart, byte);
    else if (vuart->out)
        vuart->out->write(vuart->out, &byte, 1);
    vuart->causes |= IER_THR_EMPTY; /* written, sent, and empty again */
}

static uint8_t read_iir(struct vuart *vuart)
{
    uint8_t source = interrupt_source(vuart);

    if (source == IIR_THR_EMPTY)
        vuart->causes &= ~IER_THR_EMPTY;
    return source | (vuart_fifo_is_enabled(vuart) ? IIR_FIFO_ENABLED : 0);
}

static uint8_t read_lsr(struct vuart *vuart)
{
    uint8_t status = LSR_TRANSMITTER_EMPTY | LSR_THR_EMPTY;

    if (vuart->causes & IER_DATA)
        status |= LSR_DATA_READY;
    if (vuart->causes & IER_LINE_STATUS)
        status |= LSR_OVERRUN;
    vuart->causes &= ~IER_LINE_STATUS;
    return status;
}

/* In loopback the modem outputs are wired to the inputs: 8.9 (Modem Status), bits 4 to 7. */
static uint8_t read_msr(const struct vuart *vuart)
{
    uint8_t mcr = vuart->mcr;

    if (!is_loop(vuart))
        return MSR_DCD | MSR_DSR | MSR_CTS;
    return (mcr & MCR_OUT2 ? MSR_DCD : 0) | (mcr & MCR_OUT1 ? MSR_RI : 0) |
           (mcr & MCR_DTR ? MSR_DSR : 0) | (mcr & MCR_RTS ? MSR_CTS : 0);
}

/* Bit 0 must be set for the others to count; its change empties the FIFO: 8.5 (FIFO Control). */
static void write_fcr(struct vuart *vuart, uint8_t value)
{
    uint8_t fcr = value & FCR_ENABLE ? value & (FCR_ENABLE | FCR_TRIGGER) : 0;
    bool is_switched = (fcr ^ vuart->fcr) & FCR_ENABLE;

    vuart->fcr = fcr;
    if (is_switched || ((fcr & FCR_ENABLE) && (value & FCR_CLEAR_RECEIVE))) {
        vuart_fifo_clear(vuart);
        ask_for_input(vuart);
    }
}

/* Switching the THR-empty interrupt on raises it, as THR is empty: 8.4 (Line Status), bit 5. */
static void write_ier(struct vuart *vuart, uint8_t value)
{
    if ((value & ~vuart->ier) & IER_THR_EMPTY)
        vuart->causes |= IER_THR_EMPTY;
    vuart->ier = value & IER_ALL;
}

static uint8_t read_register(struct vuart *vuart, uint64_t offset)
{
    bool is_divisor = vuart->lcr & LCR_DLAB;

    switch (offset) {
    case REG_DATA: /* the oldest byte, which is taken out; 0 where there is none */
        return is_divisor ? vuart->dll : read_data(vuart);
    case REG_IER: /* what was written; bits 7:4 are 0 */
        return is_divisor ? vuart->dlm : vuart->ier;
    case REG_IIR: /* the source of the interrupt; clears THR-empty if that is it */
        return read_iir(vuart);
    case REG_LCR: /* what was written */
        return vuart->lcr;
    case REG_MCR: /* what was written; bits 7:5 are 0 */
        return vuart->mcr;
    case REG_LSR: /* always ready to send; clears the overrun bit */
        return read_lsr(vuart);
    case REG_MSR: /* a peer that is always ready, or in loopback our own outputs */
        return read_msr(vuart);
    case REG_SCR: /* what was written */
        return vuart->scr;
    default: /* nothing there */
        return 0;
    }
}

static void write_register(struct vuart *vuart, uint64_t offset, uint8_t value)
{
    bool is_divisor = vuart->lcr & LCR_DLAB;

    switch (__builtin_expect((long)offset, REG_DATA)) { /* mostly it sends */
    case REG_DATA:                                      /* sends */
        if (is_divisor)
            vuart->dll = value;
        else
            write_data(vuart, value);
        break;
    case REG_IER: /* which sources may interrupt */
        if (is_divisor)
            vuart->dlm = value;
        else
            write_ier(vuart, value);
        break;
    case REG_FCR: /* FIFOs on or off, trigger level, emptying */
        write_fcr(vuart, value);
        break;
    case REG_LCR: /* only DLAB has an effect */
        vuart->lcr = value;
        break;
    case REG_MCR: /* only loopback has an effect; leaving it connects the line again */
        vuart->mcr = value & MCR_ALL;
        ask_for_input(vuart);
        break;
    case REG_SCR: /* no effect */
        vuart->scr = value;
        break;
    default: /* LSR and MSR are only read; nothing is beyond SCR */
        break;
    }
}

/* An access of any size is one of the byte register at its offset. */
static uint64_t vuart_read(struct vdev *self, uint64_t offset, unsigned size)
{
    struct vuart *vuart = (struct vuart *)self;
    uint8_t value = read_register(vuart, offset);

    (void)size;
    update_irq(vuart);
    return value;
}

static void vuart_write(struct vdev *self, uint64_t offset, unsigned size, uint64_t value)
{
    struct vuart *vuart = (struct vuart *)self;

    (void)size;
    write_register(vuart, offset, (uint8_t)value);
    update_irq(vuart);
}

size_t vuart_room(const struct vuart *vuart)
{
    return is_loop(vuart) ? 0 : vuart_fifo_capacity(vuart) - vuart->fifo_count;
}

size_t vuart_receive(struct vuart *vuart, const uint8_t *bytes, size_t count)
{
    size_t taken = 0;

    if (is_loop(vuart))
        return count;
    while (taken < count && vuart->fifo_count < vuart_fifo_capacity(vuart))
        vuart_fifo_store(vuart, bytes[taken++]);
    update_irq(vuart);
    return taken;
}

static void clear_registers(struct vuart *vuart)
{
    vuart->ier = vuart->lcr = vuart->mcr = vuart->fcr = vuart->scr = vuart->causes = 0;
    vuart->dll = DIVISOR_LOW_RESET;
    vuart->dlm = 0;
    vuart_fifo_clear(vuart);
}

static void vuart_reset(struct vdev *self)
{
    struct vuart *vuart = (struct vuart *)self;

    clear_registers(vuart);
    update_irq(vuart);
    ask_for_input(vuart);
}

/* The wire's level follows from the registers. The interrupt controller's record, read before this
 * one, has it too. */
static void vuart_archive(struct vdev *self, struct archive *archive)
{
    struct vuart *vuart = (struct vuart *)self;

    archive_u8(archive, "ier", &vuart->ier);
    archive_u8(archive, "lcr", &vuart->lcr);
    archive_u8(archive, "mcr", &vuart->mcr);
    archive_u8(archive, "fcr", &vuart->fcr);
    archive_u8(archive, "scr", &vuart->scr);
    archive_u8(archive, "dll", &vuart->dll);
    archive_u8(archive, "dlm", &vuart->dlm);
    archive_u8(archive, "causes", &vuart->causes);
    archive_bytes(archive, "fifo", vuart->fifo, sizeof(vuart->fifo));
    archive_u8(archive, "fifo_head", &vuart->fifo_head);
    archive_u8(archive, "fifo_count", &vuart->fifo_count);
    archive_require(archive, vuart->fifo_head < VUART_FIFO_BYTES);
    archive_require(archive, vuart->fifo_count <= vuart_fifo_capacity(vuart));
    archive_require(archive, (vuart->causes & IER_DATA) == (vuart->fifo_count > 0));
    archive_require(archive, (vuart->causes & ~(IER_DATA | IER_THR_EMPTY | IER_LINE_STATUS)) == 0);
    if (!archive->is_writing && archive->error)
        clear_registers(vuart);
    if (archive->is_writing)
        return;
    vuart->irq_level = vuart->causes & vuart->ier;
    irq_line_set(&vuart->irq, vuart->irq_level);
}

static const struct vdev_ops vuart_ops = {
    .read = vuart_read,
    .write = vuart_write,
    .reset = vuart_reset,
    .archive = vuart_archive,
};

void vuart_init(struct vuart *vuart, uint64_t base, struct irq_line irq, struct stream *out)
{
    *vuart = (struct vuart){
        .vdev = {.name = "uart",
                 .ops = &vuart_ops,
                 .base = base,
                 .size = VUART_SIZE,
                 .width_min = 1,
                 .width_max = 8},
        .irq = irq,
        .out = out,
    };
    clear_registers(vuart);
}
