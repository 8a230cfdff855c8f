// SPDX-License-Identifier: BSD-2-Clause
/*
 * The interrupt controller's registers, at the places that QEMU's virt board and SiFive give them:
 * PLIC specification 1.0.0, 3 (Memory Map). What they do to a wire is in wire.c.
 */
#include "board/board.h"
#include "lib/harts.h"

#define A_WHILE CLOCK_MS(1)

uint64_t plic_priority(unsigned source)
{
    return PLIC_BASE + 4 * source;
}

uint64_t plic_pending(unsigned source)
{
    return PLIC_BASE + 0x1000 + source / 32 * 4;
}

/* Contexts are M and S of each hart in turn. */
static uint64_t context(void)
{
    return 2 * hart_self()->id + 1;
}

uint64_t plic_enable(unsigned source)
{
    return PLIC_BASE + 0x2000 + 0x80 * context() + source / 32 * 4;
}

uint64_t plic_threshold(void)
{
    return PLIC_BASE + 0x200000 + 0x1000 * context();
}

uint64_t plic_claim(void)
{
    return plic_threshold() + 4;
}

bool plic_is_pending(unsigned source)
{
    return mmio_read(plic_pending(source)) >> source % 32 & 1;
}

void plic_open(unsigned source)
{
    mmio_write(plic_priority(source), 1);
    mmio_write(plic_threshold(), 0);
    mmio_write(plic_enable(source), (uint32_t)BIT(source % 32));
}

void plic_close(void)
{
    mmio_write(plic_enable(UART_IRQ), 0);
    mmio_write(plic_threshold(), 0);
}

static bool is_external(void)
{
    return csr_read(sip) & SIP_SEIP;
}

bool external_comes(void)
{
    return WAIT_FOR(is_external());
}

bool external_stays_away(void)
{
    uint64_t end = clock_now() + A_WHILE;
    bool came = false;

    while (clock_now() < end)
        came |= is_external();
    return !came;
}

static bool keeps(uint64_t address, uint32_t value)
{
    mmio_write(address, value);
    return mmio_read(address) == value;
}

static void check_registers(void)
{
    uint64_t word0 = plic_enable(0);

    tap_ok(keeps(plic_priority(UART_IRQ), 7) && keeps(plic_priority(UART_IRQ), 3) &&
               keeps(plic_priority(UART_IRQ), 0),
           "a source has a priority");
    tap_ok(keeps(word0, 0xfffffffe) && keeps(word0 + 4, 0xffffffff) && keeps(word0 + 4, 0) &&
               keeps(word0, 0),
           "a context has enable bits");
    tap_ok(keeps(plic_threshold(), 7) && keeps(plic_threshold(), 0), "and a threshold");
    tap_equal(mmio_read(plic_claim()), 0, "a claim when nothing is pending gives 0");
}

void plic_test(void)
{
    csr_write(sie, 0);
    check_registers();
}
