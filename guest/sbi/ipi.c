// SPDX-License-Identifier: BSD-2-Clause
/*
 * Interrupts sent to oneself, seen through sip with all interrupts off. SBI 7 (IPI). Those
 * between harts are in guest/smp.
 */
#include "sbi/topics.h"

/* Sends; whether one is pending afterwards, and takes it away. Without a bound it would race with
 * firmware that delivers late; where none is expected a while must pass too. */
static bool arrives(uint64_t mask, uint64_t base)
{
    uint64_t end = clock_now() + CLOCK_MS(1);

    if (sbi_send_ipi(mask, base).error)
        return false;
    while (!(csr_read(sip) & SIP_SSIP) && clock_now() < end)
        ;
    bool pending = csr_read(sip) & SIP_SSIP;

    csr_clear(sip, SIP_SSIP);
    return pending;
}

static int64_t error_of(uint64_t mask, uint64_t base)
{
    return sbi_send_ipi(mask, base).error;
}

void ipi_test(void)
{
    uint64_t self = hart_self()->id;

    csr_write(sie, 0);
    csr_clear(sip, SIP_SSIP);
    tap_ok(arrives(1, self) && arrives(BIT(self), 0), "an IPI to oneself is pending");
    tap_ok(!(csr_read(sip) & SIP_SSIP), "sip.SSIP can be cleared by its owner");
    tap_ok(arrives(0, SBI_ALL_HARTS), "a mask base of -1 means all harts");
    tap_ok(error_of(0, self) == SBI_SUCCESS && !arrives(0, self), "an empty mask reaches nobody");
    /* OpenSBI 1.6 does not refuse them all. */
    tap_ok(sbi_is_opensbi() || (error_of(1, NO_HART) == SBI_ERR_INVALID_PARAM &&
                                error_of(1, SBI_ALL_HARTS - 1) == SBI_ERR_INVALID_PARAM),
           "a mask of a hart that does not exist is INVALID_PARAM");
    /* OpenSBI sends to those that exist and answers 0. */
    tap_ok(sbi_is_opensbi() || error_of(BIT(63) | BIT(self), 0) == SBI_ERR_INVALID_PARAM,
           "so is one in which only some exist");
    csr_clear(sip, SIP_SSIP);
}
