/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 16550: registers, FIFO, the order and clearing of interrupts, loopback, and the probes
 * that Linux' 8250 driver makes before it believes in a port.
 */
#include "dev/vuart.h"
#include "dev/vuart_regs.h"
#include "lib/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fake_stream {
    struct stream stream;
    uint8_t bytes[64];
    size_t count;
    int drained;
    const char *more; /* given when the port is drained */
};

static struct vuart vuart;
static struct fake_stream line;
static bool wire;

static void fake_write(struct stream *self, const uint8_t *bytes, size_t count)
{
    struct fake_stream *fake = (struct fake_stream *)self;

    assert_true(fake->count + count <= sizeof(fake->bytes));
    memcpy(fake->bytes + fake->count, bytes, count);
    fake->count += count;
}

static void fake_drained(struct stream *self)
{
    struct fake_stream *fake = (struct fake_stream *)self;

    fake->drained++;
    if (fake->more)
        fake->more += vuart_receive(&vuart, (const uint8_t *)fake->more, strlen(fake->more));
}

static void set_wire(void *target, unsigned number, bool level)
{
    assert_ptr_equal(target, &wire);
    assert_int_equal(number, 10);
    wire = level;
}

static int start(void **state)
{
    struct irq_line irq = {.set = set_wire, .target = &wire, .number = 10};

    (void)state;
    line = (struct fake_stream){.stream = {.write = fake_write, .drained = fake_drained}};
    wire = false;
    memset(&vuart, 0xff, sizeof(vuart));
    vuart_init(&vuart, 0x10000000, irq, &line.stream);
    return 0;
}

static uint8_t get(uint64_t offset)
{
    return (uint8_t)vuart.vdev.ops->read(&vuart.vdev, offset, 1);
}

static void put(uint64_t offset, uint8_t value)
{
    vuart.vdev.ops->write(&vuart.vdev, offset, 1, value);
}

static size_t receive(const char *text)
{
    return vuart_receive(&vuart, (const uint8_t *)text, strlen(text));
}

static void state_after_reset(void **state)
{
    (void)state;
    assert_int_equal(vuart.vdev.base, 0x10000000);
    assert_int_equal(vuart.vdev.size, 0x100);
    assert_int_equal(get(REG_IER), 0);
    assert_int_equal(get(REG_IIR), 0x01);
    assert_int_equal(get(REG_LCR), 0);
    assert_int_equal(get(REG_MCR), 0);
    assert_int_equal(get(REG_LSR), 0x60);
    assert_int_equal(get(REG_MSR), 0xb0);
    assert_int_equal(get(REG_SCR), 0);
    assert_int_equal(get(REG_DATA), 0);
    assert_false(wire);
}

static void what_is_sent_goes_out_at_once(void **state)
{
    (void)state;
    put(REG_DATA, 'h');
    put(REG_DATA, 'i');
    vuart.vdev.ops->write(&vuart.vdev, REG_DATA, 4, 0x12345600 + '!');
    assert_int_equal(line.count, 3);
    assert_memory_equal(line.bytes, "hi!", 3);
    assert_int_equal(get(REG_LSR), 0x60);
}

static void without_a_back_bytes_are_dropped(void **state)
{
    struct irq_line none = {0};

    (void)state;
    vuart_init(&vuart, 0, none, NULL);
    put(REG_DATA, 'x');
    assert_int_equal(receive("a"), 1);
    assert_int_equal(get(REG_DATA), 'a');
    line.stream.drained = NULL;
    vuart_init(&vuart, 0, none, &line.stream);
    assert_int_equal(receive("b"), 1);
    assert_int_equal(get(REG_DATA), 'b');
}

static void dlab_shows_the_divisor(void **state)
{
    (void)state;
    put(REG_IER, 0x05);
    put(REG_LCR, 0x83);
    assert_int_equal(get(REG_DATA), 12);
    put(REG_DATA, 0x34);
    put(REG_IER, 0x12);
    assert_int_equal(get(REG_DATA), 0x34);
    assert_int_equal(get(REG_IER), 0x12);
    put(REG_LCR, 0x03);
    assert_int_equal(get(REG_LCR), 0x03);
    assert_int_equal(get(REG_IER), 0x05);
    assert_int_equal(line.count, 0);
    put(REG_LCR, 0x83);
    assert_int_equal(get(REG_DATA), 0x34);
}

static void unused_bits_and_registers_read_zero(void **state)
{
    (void)state;
    put(REG_IER, 0xff);
    assert_int_equal(get(REG_IER), 0x0f);
    put(REG_MCR, 0xff);
    assert_int_equal(get(REG_MCR), 0x1f);
    put(REG_SCR, 0xa5);
    assert_int_equal(get(REG_SCR), 0xa5);
    put(REG_LSR, 0xff);
    put(REG_MSR, 0xff);
    put(8, 0xff);
    put(0xff, 0xff);
    assert_int_equal(get(REG_LSR), 0x60);
    assert_int_equal(get(8), 0);
    assert_int_equal(get(0xff), 0);
}

static void without_fifos_one_byte_fits(void **state)
{
    (void)state;
    assert_int_equal(receive("ab"), 1);
    assert_int_equal(get(REG_LSR), 0x61);
    assert_int_equal(get(REG_DATA), 'a');
    assert_int_equal(get(REG_LSR), 0x60);
    assert_int_equal(receive("b"), 1);
    assert_int_equal(get(REG_DATA), 'b');
}

static void sixteen_bytes_fit_the_fifo(void **state)
{
    const char *text = "0123456789abcdefXYZ";

    (void)state;
    put(REG_FCR, 0x01);
    for (int round = 0; round < 3; round++) { /* so that the FIFO wraps */
        assert_int_equal(receive("--"), 2);
        assert_int_equal(get(REG_DATA), '-');
        assert_int_equal(get(REG_DATA), '-');
        assert_int_equal(receive(text), 16);
        assert_int_equal(receive("!"), 0);
        for (int i = 0; i < 16; i++) {
            assert_int_equal(get(REG_LSR), 0x61);
            assert_int_equal(get(REG_DATA), text[i]);
        }
        assert_int_equal(get(REG_LSR), 0x60);
        assert_int_equal(get(REG_DATA), 0);
    }
}

static void room_is_what_would_be_stored(void **state)
{
    (void)state;
    assert_int_equal(vuart_room(&vuart), 1);
    put(REG_FCR, 0x01);
    assert_int_equal(vuart_room(&vuart), 16);
    receive("abc");
    assert_int_equal(vuart_room(&vuart), 13);
    receive("0123456789abcdef");
    assert_int_equal(vuart_room(&vuart), 0);
    get(REG_DATA);
    assert_int_equal(vuart_room(&vuart), 1);
    put(REG_MCR, 0x10);
    assert_int_equal(vuart_room(&vuart), 0);
}

static void the_back_hears_when_there_is_room(void **state)
{
    char seen[40] = {0};

    (void)state;
    put(REG_FCR, 0x01);
    put(REG_IER, 0x01);
    line.more = "a line that is longer than the FIFO\n";
    line.drained = 0;
    line.more += receive(line.more);
    for (int i = 0; get(REG_LSR) & 1; i++) {
        assert_true(wire);
        seen[i] = (char)get(REG_DATA);
    }
    assert_string_equal(seen, "a line that is longer than the FIFO\n");
    assert_int_equal(line.drained, 3);
    assert_false(wire);
}

static void data_interrupts_while_it_is_there(void **state)
{
    (void)state;
    receive("a");
    assert_false(wire);
    put(REG_IER, 0x01);
    assert_true(wire);
    assert_int_equal(get(REG_IIR), 0x04);
    assert_int_equal(get(REG_IIR), 0x04); /* reading IIR clears nothing here */
    assert_true(wire);
    get(REG_DATA);
    assert_false(wire);
    assert_int_equal(get(REG_IIR), 0x01);
}

static void below_the_trigger_level_it_is_a_timeout(void **state)
{
    static const struct {
        uint8_t fcr;
        int level;
    } levels[] = {{0x01, 1}, {0x41, 4}, {0x81, 8}, {0xc1, 14}};

    (void)state;
    put(REG_IER, 0x01);
    for (size_t i = 0; i < 4; i++) {
        put(REG_FCR, levels[i].fcr | 0x02);
        for (int count = 1; count <= 16; count++) {
            assert_int_equal(receive("x"), 1);
            assert_true(wire);
            assert_int_equal(get(REG_IIR), count < levels[i].level ? 0xcc : 0xc4);
        }
        put(REG_FCR, levels[i].fcr | 0x02);
        assert_int_equal(get(REG_IIR), 0xc1);
        assert_false(wire);
    }
}

static void switching_thr_empty_on_raises_it(void **state)
{
    (void)state;
    put(REG_IER, 0x02);
    assert_true(wire);
    assert_int_equal(get(REG_IIR), 0x02);
    assert_false(wire); /* cleared by the reading */
    assert_int_equal(get(REG_IIR), 0x01);
    put(REG_IER, 0x02); /* it was on */
    assert_false(wire);
    put(REG_IER, 0x00);
    put(REG_IER, 0x02);
    assert_true(wire);
    put(REG_IER, 0x00);
    assert_false(wire);
    assert_int_equal(get(REG_IIR), 0x01);
}

static void each_byte_sent_raises_thr_empty(void **state)
{
    (void)state;
    put(REG_IER, 0x02);
    get(REG_IIR);
    put(REG_DATA, 'a');
    assert_true(wire);
    put(REG_DATA, 'b');
    assert_true(wire);
    assert_int_equal(get(REG_IIR), 0x02);
    assert_false(wire);
}

static void reading_iir_clears_thr_empty_only_when_it_is_reported(void **state)
{
    (void)state;
    put(REG_IER, 0x03);
    receive("a");
    assert_int_equal(get(REG_IIR), 0x04);
    assert_int_equal(get(REG_IIR), 0x04);
    get(REG_DATA);
    assert_true(wire);
    assert_int_equal(get(REG_IIR), 0x02);
    assert_int_equal(get(REG_IIR), 0x01);
    assert_false(wire);
}

static void interrupts_come_in_order_of_priority(void **state)
{
    (void)state;
    put(REG_MCR, 0x10);
    put(REG_IER, 0x0f);
    put(REG_DATA, 'a');
    put(REG_DATA, 'b'); /* overruns */
    assert_int_equal(get(REG_IIR), 0x06);
    assert_int_equal(get(REG_LSR), 0x63);
    assert_int_equal(get(REG_IIR), 0x04);
    assert_int_equal(get(REG_LSR), 0x61); /* the overrun was told */
    assert_int_equal(get(REG_DATA), 'b'); /* without FIFOs the old byte is lost */
    assert_int_equal(get(REG_IIR), 0x02);
    assert_int_equal(get(REG_IIR), 0x01);
    assert_false(wire);
}

static void a_full_fifo_loses_the_new_byte(void **state)
{
    (void)state;
    put(REG_FCR, 0x01);
    put(REG_MCR, 0x10);
    put(REG_IER, 0x04);
    for (int i = 0; i < 16; i++)
        put(REG_DATA, (uint8_t)i);
    assert_false(wire);
    put(REG_DATA, 16);
    assert_true(wire);
    assert_int_equal(get(REG_IIR), 0xc6);
    assert_int_equal(get(REG_LSR), 0x63);
    assert_false(wire);
    for (int i = 0; i < 16; i++)
        assert_int_equal(get(REG_DATA), i);
    assert_int_equal(get(REG_LSR), 0x60);
}

static void fcr_bit_0_rules_the_others(void **state)
{
    (void)state;
    put(REG_FCR, 0xc0); /* not enabled: nothing is programmed */
    assert_int_equal(get(REG_IIR), 0x01);
    put(REG_FCR, 0x01);
    assert_int_equal(get(REG_IIR), 0xc1);
    receive("abc");
    put(REG_FCR, 0xc1); /* the trigger level alone empties nothing */
    assert_int_equal(get(REG_LSR), 0x61);
    put(REG_FCR, 0xc5); /* nor does the transmitter's bit */
    assert_int_equal(get(REG_LSR), 0x61);
    put(REG_FCR, 0xc3);
    assert_int_equal(get(REG_LSR), 0x60);
    receive("abc");
    put(REG_FCR, 0x00); /* switching off empties */
    assert_int_equal(get(REG_LSR), 0x60);
    receive("a");
    put(REG_FCR, 0x02); /* not enabled: does not count */
    assert_int_equal(get(REG_LSR), 0x61);
    put(REG_FCR, 0x01); /* switching on empties */
    assert_int_equal(get(REG_LSR), 0x60);
}

static void loopback_wires_outputs_to_inputs(void **state)
{
    (void)state;
    put(REG_MCR, 0x10);
    assert_int_equal(get(REG_MSR), 0x00);
    put(REG_MCR, 0x11);
    assert_int_equal(get(REG_MSR), 0x20);
    put(REG_MCR, 0x12);
    assert_int_equal(get(REG_MSR), 0x10);
    put(REG_MCR, 0x14);
    assert_int_equal(get(REG_MSR), 0x40);
    put(REG_MCR, 0x18);
    assert_int_equal(get(REG_MSR), 0x80);
    put(REG_MCR, 0x0f);
    assert_int_equal(get(REG_MSR), 0xb0);
}

static void loopback_cuts_the_line(void **state)
{
    (void)state;
    put(REG_FCR, 0x01);
    put(REG_MCR, 0x10);
    line.drained = 0;
    put(REG_DATA, 'x');
    assert_int_equal(line.count, 0);
    assert_int_equal(receive("abc"), 3); /* taken and dropped */
    assert_int_equal(get(REG_DATA), 'x');
    assert_int_equal(get(REG_LSR), 0x60);
    assert_int_equal(line.drained, 0);
    put(REG_MCR, 0x00);
    assert_int_equal(line.drained, 1);
    assert_int_equal(receive("abc"), 3);
    assert_int_equal(get(REG_DATA), 'a');
}

/* The steps of Linux' autoconfig (8250_port.c) in our words: is it there, is it a 16550A? */
static void linux_finds_a_16550a(void **state)
{
    (void)state;
    put(REG_IER, 0x00);
    assert_int_equal(get(REG_IER) & 0x0f, 0x00);
    put(REG_IER, 0x0f);
    assert_int_equal(get(REG_IER) & 0x0f, 0x0f);
    put(REG_IER, 0x00);

    put(REG_MCR, 0x1a); /* loop, OUT2, RTS */
    assert_int_equal(get(REG_MSR) & 0xf0, 0x90);
    put(REG_MCR, 0x00);

    put(REG_LCR, 0xbf);
    put(REG_FCR, 0x00); /* where others have an EFR */
    put(REG_LCR, 0x00);
    put(REG_FCR, 0x01);
    assert_int_equal(get(REG_IIR) >> 6, 3);
    put(REG_LCR, 0x80);
    assert_int_not_equal(get(REG_IIR), 0); /* no EFR */
    put(REG_LCR, 0xbf);
    assert_int_not_equal(get(REG_IIR), 0);
    put(REG_LCR, 0x00);
    put(REG_FCR, 0x21); /* no 64-byte FIFO */
    assert_int_equal(get(REG_IIR) >> 5, 6);
    put(REG_IER, 0x40); /* no UUE bit */
    assert_int_equal(get(REG_IER), 0x00);
}

static void linux_counts_16_bytes_of_fifo(void **state)
{
    int count;

    (void)state;
    put(REG_FCR, 0x07);
    put(REG_MCR, 0x10);
    for (count = 0; count < 256; count++)
        put(REG_DATA, (uint8_t)count);
    for (count = 0; (get(REG_LSR) & 1) && count < 256; count++)
        get(REG_DATA);
    assert_int_equal(count, 16);
}

/* Linux switches a workaround on where THR-empty does not come back. */
static void linux_sees_thr_empty_again(void **state)
{
    (void)state;
    put(REG_IER, 0x02);
    assert_int_equal(get(REG_IIR) & 1, 0);
    put(REG_IER, 0x00);
    put(REG_IER, 0x02);
    assert_int_equal(get(REG_IIR) & 1, 0);
    put(REG_IER, 0x00);
    put(REG_IER, 0x02);
    assert_int_equal(get(REG_LSR) & 0x40, 0x40);
    assert_int_equal(get(REG_IIR) & 1, 0);
}

static void reset_forgets_everything(void **state)
{
    (void)state;
    put(REG_FCR, 0xc1);
    put(REG_IER, 0x0f);
    put(REG_MCR, 0x0b);
    put(REG_SCR, 0x77);
    put(REG_LCR, 0x83);
    receive("abc");
    assert_true(wire);
    vuart.vdev.ops->reset(&vuart.vdev);
    state_after_reset(NULL);
}

static size_t save(uint8_t *buffer, size_t size)
{
    struct archive archive;

    archive_init_writer(&archive, buffer, size);
    vuart.vdev.ops->archive(&vuart.vdev, &archive);
    assert_int_equal(archive.error, 0);
    return archive.position;
}

static int load(const uint8_t *buffer, size_t size)
{
    struct archive archive;

    archive_init_reader(&archive, buffer, size);
    vuart.vdev.ops->archive(&vuart.vdev, &archive);
    return archive.error;
}

static void a_restored_port_goes_on(void **state)
{
    uint8_t buffer[512];

    (void)state;
    put(REG_LCR, 0x80);
    put(REG_DATA, 0x01);
    put(REG_IER, 0x02);
    put(REG_LCR, 0x03);
    put(REG_FCR, 0x41);
    receive("12345");
    get(REG_DATA);
    put(REG_IER, 0x03);
    put(REG_MCR, 0x0b);
    put(REG_SCR, 0x5a);
    size_t size = save(buffer, sizeof(buffer));
    vuart.vdev.ops->reset(&vuart.vdev);
    assert_int_equal(load(buffer, size), 0);
    assert_int_equal(get(REG_IER), 0x03);
    assert_int_equal(get(REG_LCR), 0x03);
    assert_int_equal(get(REG_MCR), 0x0b);
    assert_int_equal(get(REG_SCR), 0x5a);
    assert_int_equal(get(REG_IIR), 0xc4); /* four bytes: the trigger level */
    assert_true(wire);
    for (char c = '2'; c <= '5'; c++)
        assert_int_equal(get(REG_DATA), c);
    assert_int_equal(get(REG_IIR), 0xc2);
    assert_int_equal(get(REG_IIR), 0xc1);
    put(REG_LCR, 0x80);
    assert_int_equal(get(REG_DATA), 0x01);
    assert_int_equal(get(REG_IER), 0x02);
}

/* Nobody moved the wire since: what clears the source lowers it. */
static void a_restored_wire_can_fall(void **state)
{
    uint8_t buffer[512];

    (void)state;
    put(REG_IER, 0x02);
    size_t size = save(buffer, sizeof(buffer));
    vuart.vdev.ops->reset(&vuart.vdev);
    assert_false(wire);
    assert_int_equal(load(buffer, size), 0);
    assert_true(wire);
    assert_int_equal(get(REG_IIR), 0x02);
    assert_false(wire);
}

static void a_corrupt_record_leaves_it_reset(void **state)
{
    uint8_t buffer[512];

    (void)state;
    put(REG_FCR, 0x01);
    receive("abc");
    size_t size = save(buffer, sizeof(buffer));
    for (size_t cut = 0; cut < size; cut++) {
        assert_int_equal(load(buffer, cut), ERR_CORRUPT);
        state_after_reset(NULL);
    }
}

static void impossible_fifos_are_corrupt(void **state)
{
    uint8_t buffer[512];

    (void)state;
    vuart.causes = IER_DATA;
    vuart.fifo_count = 2; /* FIFOs off: one byte is the most */
    size_t size = save(buffer, sizeof(buffer));
    assert_int_equal(load(buffer, size), ERR_CORRUPT);
    assert_int_equal(vuart.fifo_count, 0);
    put(REG_FCR, 0x01);
    vuart.causes = IER_DATA;
    vuart.fifo_count = 17;
    size = save(buffer, sizeof(buffer));
    assert_int_equal(load(buffer, size), ERR_CORRUPT);
    vuart.fifo_head = 16;
    size = save(buffer, sizeof(buffer));
    assert_int_equal(load(buffer, size), ERR_CORRUPT);
    assert_int_equal(vuart.fifo_head, 0);
}

static void impossible_causes_are_corrupt(void **state)
{
    uint8_t buffer[512];

    (void)state;
    vuart.causes = IER_DATA; /* of an empty FIFO */
    size_t size = save(buffer, sizeof(buffer));
    assert_int_equal(load(buffer, size), ERR_CORRUPT);
    assert_int_equal(vuart.causes, 0);
    receive("a");
    vuart.causes = 0;
    size = save(buffer, sizeof(buffer));
    assert_int_equal(load(buffer, size), ERR_CORRUPT);
    vuart.causes = BIT(3);
    size = save(buffer, sizeof(buffer));
    assert_int_equal(load(buffer, size), ERR_CORRUPT);
}

/* Whatever one byte of the record says, no index leaves the FIFO (the sanitizers watch). */
static void a_wrong_byte_does_no_harm(void **state)
{
    uint8_t buffer[512];

    (void)state;
    put(REG_FCR, 0x01);
    receive("abc");
    size_t size = save(buffer, sizeof(buffer));
    for (size_t i = 0; i < size; i++)
        for (int flip = 1; flip < 256; flip++) {
            buffer[i] ^= (uint8_t)flip;
            load(buffer, size);
            for (uint64_t offset = 0; offset < 8; offset++)
                get(offset);
            receive("0123456789abcdef");
            buffer[i] ^= (uint8_t)flip;
        }
}

static void random_accesses_do_no_harm(void **state)
{
    (void)state;
    srand(5);
    for (int i = 0; i < 100000; i++) {
        uint64_t offset = (uint64_t)(rand() % 10);
        unsigned size = 1u << rand() % 4;
        line.count = 0;
        if (rand() % 2)
            vuart.vdev.ops->write(&vuart.vdev, offset, size, (uint64_t)rand());
        else
            assert_true(vuart.vdev.ops->read(&vuart.vdev, offset, size) <= 0xff);
        if (rand() % 8 == 0)
            receive("some text");
        assert_true(vuart.fifo_count <= 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(state_after_reset, start),
        cmocka_unit_test_setup(what_is_sent_goes_out_at_once, start),
        cmocka_unit_test_setup(without_a_back_bytes_are_dropped, start),
        cmocka_unit_test_setup(dlab_shows_the_divisor, start),
        cmocka_unit_test_setup(unused_bits_and_registers_read_zero, start),
        cmocka_unit_test_setup(without_fifos_one_byte_fits, start),
        cmocka_unit_test_setup(sixteen_bytes_fit_the_fifo, start),
        cmocka_unit_test_setup(room_is_what_would_be_stored, start),
        cmocka_unit_test_setup(the_back_hears_when_there_is_room, start),
        cmocka_unit_test_setup(data_interrupts_while_it_is_there, start),
        cmocka_unit_test_setup(below_the_trigger_level_it_is_a_timeout, start),
        cmocka_unit_test_setup(switching_thr_empty_on_raises_it, start),
        cmocka_unit_test_setup(each_byte_sent_raises_thr_empty, start),
        cmocka_unit_test_setup(reading_iir_clears_thr_empty_only_when_it_is_reported, start),
        cmocka_unit_test_setup(interrupts_come_in_order_of_priority, start),
        cmocka_unit_test_setup(a_full_fifo_loses_the_new_byte, start),
        cmocka_unit_test_setup(fcr_bit_0_rules_the_others, start),
        cmocka_unit_test_setup(loopback_wires_outputs_to_inputs, start),
        cmocka_unit_test_setup(loopback_cuts_the_line, start),
        cmocka_unit_test_setup(linux_finds_a_16550a, start),
        cmocka_unit_test_setup(linux_counts_16_bytes_of_fifo, start),
        cmocka_unit_test_setup(linux_sees_thr_empty_again, start),
        cmocka_unit_test_setup(reset_forgets_everything, start),
        cmocka_unit_test_setup(a_restored_port_goes_on, start),
        cmocka_unit_test_setup(a_restored_wire_can_fall, start),
        cmocka_unit_test_setup(a_corrupt_record_leaves_it_reset, start),
        cmocka_unit_test_setup(impossible_causes_are_corrupt, start),
        cmocka_unit_test_setup(impossible_fifos_are_corrupt, start),
        cmocka_unit_test_setup(a_wrong_byte_does_no_harm, start),
        cmocka_unit_test_setup(random_accesses_do_no_harm, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
