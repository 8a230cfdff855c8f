// SPDX-License-Identifier: BSD-2-Clause
/*
 * The devices of the virt board as a guest sees them, and what is where no device is. This file
 * is the list of topics. The end is written to the test device.
 */
#include "board/board.h"

#include "lib/harts.h"
#include "lib/sbi_call.h"

#define TEST_POWEROFF 0x5555

void guest_main(void)
{
    tap_plan(UART_CHECKS + PLIC_CHECKS + WIRE_CHECKS + RTC_CHECKS + WIDTH_CHECKS + HOLE_CHECKS);
    uart_test();
    plic_test();
    wire_test();
    rtc_test();
    width_test();
    hole_test();
    if (!tap_passed())
        sbi_shutdown(SBI_SRST_SYSTEM_FAILURE);
    mmio_write(TEST_BASE, TEST_POWEROFF);
    for (;;)
        hart_wfi();
}
