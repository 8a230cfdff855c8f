/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The goldfish RTC: the wall time, read once at boot; from then on the timer keeps it.
 */
#include "drivers.h"

#include "riscv/caps.h"
#include "riscv/hart.h"

#define TIME_LOW  0x0 /* reading it latches TIME_HIGH */
#define TIME_HIGH 0x4

#define NS_PER_SECOND 1000000000UL

bool goldfish_rtc_init(const void *fdt, int node, const struct platform_range *registers)
{
    uint64_t low = mmio_read32(registers->base + TIME_LOW);
    uint64_t now = (uint64_t)mmio_read32(registers->base + TIME_HIGH) << 32 | low;
    uint64_t ticks = csr_read(time);

    (void)fdt;
    (void)node;
    platform.epoch_ns = now - ticks / caps.timebase * NS_PER_SECOND -
                        ticks % caps.timebase * NS_PER_SECOND / caps.timebase;
    return false; /* its registers are not needed any more */
}
