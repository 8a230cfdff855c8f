/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver of serial ports, on ports that are words of memory: how boards describe theirs in a
 * device tree, and which bytes of the registers the driver then touches.
 */
#include "drivers/drivers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#define THR       0
#define IER       1
#define LSR       5
#define REGISTERS 8

#define LSR_READY     0x01
#define LSR_THR_EMPTY 0x20

/* As a board has them: bytes, or words whose other bytes must be written with them. */
static union {
    uint8_t bytes[4 * REGISTERS];
    uint32_t words[REGISTERS];
} port;

static uint8_t tree[1024];

/* What services.c has in the image. */
const struct console_driver sbi_console;
const struct console_driver *console_driver;

static void put_reg(void *fdt)
{
    uint64_t base = (uint64_t)&port;
    fdt32_t reg[4] = {cpu_to_fdt32((uint32_t)(base >> 32)), cpu_to_fdt32((uint32_t)base), 0,
                      cpu_to_fdt32(sizeof(port))};

    assert_int_equal(fdt_property(fdt, "reg", reg, sizeof(reg)), 0);
}

/* Two serial ports; stdout-path names the second. A shift or width of 0 is not in the tree. */
static void build_tree(uint32_t shift, uint32_t width)
{
    fdt_create(tree, sizeof(tree));
    fdt_finish_reservemap(tree);
    fdt_begin_node(tree, "");
    fdt_property_u32(tree, "#address-cells", 2);
    fdt_property_u32(tree, "#size-cells", 2);
    fdt_begin_node(tree, "chosen");
    fdt_property_string(tree, "stdout-path", "/serial@2:115200n8");
    fdt_end_node(tree);
    fdt_begin_node(tree, "serial@1");
    put_reg(tree);
    fdt_end_node(tree);
    fdt_begin_node(tree, "serial@2");
    put_reg(tree);
    fdt_property_u32(tree, "interrupts", 100);
    if (shift)
        fdt_property_u32(tree, "reg-shift", shift);
    if (width)
        fdt_property_u32(tree, "reg-io-width", width);
    fdt_end_node(tree);
    fdt_end_node(tree);
    assert_int_equal(fdt_finish(tree), 0);
}

static bool start(const char *path)
{
    struct platform_range registers = {.base = (uint64_t)&port, .size = sizeof(port)};

    return ns16550_init(tree, fdt_path_offset(tree, path), &registers);
}

static int set_up(void **state)
{
    (void)state;
    memset(&port, 0xee, sizeof(port));
    console_driver = &sbi_console;
    return 0;
}

static void test_bytes_side_by_side(void **state)
{
    char byte;

    (void)state;
    build_tree(0, 0);
    assert_true(start("/serial@2"));
    assert_int_equal(console_driver->irq, 100);
    port.bytes[LSR] = LSR_THR_EMPTY;
    console_driver->write("a", 1);
    assert_int_equal(port.bytes[THR], 'a');
    assert_int_equal(port.bytes[IER], 0xee);
    assert_int_equal(console_driver->read(&byte, 1), 0);
    port.bytes[LSR] |= LSR_READY;
    assert_int_equal(console_driver->read(&byte, 1), 1);
    assert_int_equal(byte, 'a');
}

/* EIC7700, K3, CVA6: reg-shift 2, reg-io-width 4. */
static void test_words(void **state)
{
    char byte;

    (void)state;
    build_tree(2, 4);
    assert_true(start("/serial@2"));
    port.words[LSR] = LSR_THR_EMPTY;
    console_driver->write("b", 1);
    assert_int_equal(port.words[THR], 'b');
    assert_int_equal(port.words[IER], 0xeeeeeeee);
    port.words[LSR] |= LSR_READY;
    assert_int_equal(console_driver->read(&byte, 1), 1);
    assert_int_equal(byte, 'b');
}

/* TH1520: reg-shift 2, and bytes. */
static void test_bytes_apart(void **state)
{
    (void)state;
    build_tree(2, 1);
    assert_true(start("/serial@2"));
    port.bytes[LSR << 2] = LSR_THR_EMPTY;
    console_driver->write("c", 1);
    assert_int_equal(port.words[THR], 0xeeeeee00 | 'c');
}

/* Of IER all bits go but the one that is the power switch of an XScale's port. */
static void test_interrupts(void **state)
{
    (void)state;
    build_tree(2, 4);
    assert_true(start("/serial@2"));
    port.words[IER] = 0x42;
    ns16550_set_irq(true);
    assert_int_equal(port.words[IER], 0x41);
    ns16550_set_irq(false);
    assert_int_equal(port.words[IER], 0x40);
    port.words[IER] = 0x02;
    ns16550_set_irq(true);
    assert_int_equal(port.words[IER], 0x01);
}

static void test_port_that_is_not_stdout(void **state)
{
    (void)state;
    build_tree(0, 0);
    assert_false(start("/serial@1"));
    assert_ptr_equal(console_driver, &sbi_console);
    ns16550_set_irq(true);
    assert_int_equal(port.bytes[IER], 0xee);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_bytes_side_by_side, set_up),
        cmocka_unit_test_setup(test_words, set_up),
        cmocka_unit_test_setup(test_bytes_apart, set_up),
        cmocka_unit_test_setup(test_interrupts, set_up),
        cmocka_unit_test_setup(test_port_that_is_not_stdout, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
