/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A 16550-compatible serial port, at any register distance and width. The firmware has set the
 * line up; we only move bytes. The 16750, DesignWare's and XScale's ports are such for us.
 */
#include "drivers.h"

#include "lib/bits.h"
#include "tree.h"

/* Register numbers */
#define RBR 0 /* received byte; written: THR, byte to send */
#define IER 1 /* interrupt enable */
#define LSR 5 /* line status */

#define IER_RECEIVED  BIT(0)
#define IER_UNIT      BIT(6) /* XScale's UUE: the whole port; a 16550 has no such bit */
#define LSR_READY     BIT(0) /* a byte has come */
#define LSR_THR_EMPTY BIT(5)

static struct {
    uint64_t base;
    unsigned shift;       /* registers stand 1 << shift bytes apart */
    bool is_wide;         /* accessed by 32-bit words */
    uint64_t line_status; /* address of LSR, as each byte that is sent asks it */
} port;

static uint8_t read_at(uint64_t address)
{
    return port.is_wide ? (uint8_t)mmio_read32(address) : mmio_read8(address);
}

static uint8_t reg_read(unsigned reg)
{
    return read_at(port.base + ((uint64_t)reg << port.shift));
}

static void reg_write(unsigned reg, uint8_t value)
{
    uint64_t address = port.base + ((uint64_t)reg << port.shift);

    if (port.is_wide)
        mmio_write32(address, value);
    else
        mmio_write8(address, value);
}

static void port_write(const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        while (!(read_at(port.line_status) & LSR_THR_EMPTY))
            continue;
        reg_write(RBR, (uint8_t)bytes[i]);
    }
}

static size_t port_read(char *bytes, size_t count)
{
    size_t done = 0;

    while (done < count && (reg_read(LSR) & LSR_READY))
        bytes[done++] = (char)reg_read(RBR);
    return done;
}

static struct console_driver ns16550 = {.write = port_write, .read = port_read};

bool ns16550_init(const void *fdt, int node, const struct platform_range *registers)
{
    int wanted = tree_stdout(fdt);

    if (console_driver != &sbi_console || (wanted >= 0 && wanted != node))
        return false;
    port.base = registers->base;
    port.shift = tree_u32(fdt, node, "reg-shift", 0);
    port.is_wide = tree_u32(fdt, node, "reg-io-width", 1) == 4;
    port.line_status = port.base + ((uint64_t)LSR << port.shift);
    ns16550.irq = tree_u32(fdt, node, "interrupts", 0);
    console_driver = &ns16550;
    return true;
}

void ns16550_set_irq(bool on)
{
    if (console_driver == &ns16550)
        reg_write(IER, (reg_read(IER) & IER_UNIT) | (on ? IER_RECEIVED : 0));
}
