// SPDX-License-Identifier: BSD-2-Clause
/*
 * Resets that must be refused. SBI 10 (SRST). The end of every test is one that is not.
 */
#include "sbi/topics.h"

static int64_t reset(uint64_t type, uint64_t reason)
{
    return hart_ecall(SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, type, reason, 0).error;
}

void srst_test(void)
{
    int64_t vendor = reset(0xf0000000, SBI_SRST_NO_REASON);

    tap_ok(reset(3, 0) == SBI_ERR_INVALID_PARAM && reset(0xefffffff, 0) == SBI_ERR_INVALID_PARAM,
           "reserved types of reset are INVALID_PARAM");
    tap_ok(reset(SBI_SRST_SHUTDOWN, 2) == SBI_ERR_INVALID_PARAM &&
               reset(SBI_SRST_COLD_REBOOT, 0xdfffffff) == SBI_ERR_INVALID_PARAM,
           "so are reserved reasons");
    tap_ok(vendor == SBI_ERR_INVALID_PARAM || vendor == SBI_ERR_NOT_SUPPORTED,
           "a vendor's type that is not there is refused");
}
