/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drivers of real devices. Each looks at a node that its `compatible` matches, and fills the
 * record that it stands for; the list of drivers is in platform.c.
 */
#ifndef PLATFORM_DRIVERS_H
#define PLATFORM_DRIVERS_H

#include "platform.h"

#include <stddef.h>
#include <stdint.h>

struct driver {
    const char *compatible;
    /* True where the device is used; its registers are added to platform.devices then. */
    bool (*init)(const void *fdt, int node, const struct platform_range *registers);
};

/* A console: a way for bytes out and in. */
struct console_driver {
    void (*write)(const char *bytes, size_t count);
    size_t (*read)(char *bytes, size_t count);
    uint32_t irq; /* of the interrupt controller; 0: none, it must be asked */
};

extern const struct console_driver *console_driver;

/* The console of the firmware: SBI DBCN, or the legacy calls where it has no DBCN. */
extern const struct console_driver sbi_console;

bool ns16550_init(const void *fdt, int node, const struct platform_range *registers);
/* Lets the device interrupt when bytes have come, or not. */
void ns16550_set_irq(bool on);

/* The PLIC, as this hart's S-mode context sees it. */
bool plic_init(const void *fdt, int node, const struct platform_range *registers);
bool plic_is_there(void);
/* Routes source `irq` to the hart that calls. */
void plic_enable(uint32_t irq);
uint32_t plic_claim(void);
void plic_complete(uint32_t irq);

/* The test device of QEMU's virt board: ends the machine with an exit status, soon after it was
 * told to. False where there is none. */
bool test_device_init(const void *fdt, int node, const struct platform_range *registers);
bool test_device_exit(enum platform_status status);

/* The goldfish RTC: read once. */
bool goldfish_rtc_init(const void *fdt, int node, const struct platform_range *registers);

/* A register of a device. */
static inline uint8_t mmio_read8(uint64_t address)
{
    return *(volatile uint8_t *)address;
}

static inline void mmio_write8(uint64_t address, uint8_t value)
{
    *(volatile uint8_t *)address = value;
}

static inline uint32_t mmio_read32(uint64_t address)
{
    return *(volatile uint32_t *)address;
}

static inline void mmio_write32(uint64_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}

#endif
