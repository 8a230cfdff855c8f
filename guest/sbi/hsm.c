// SPDX-License-Identifier: BSD-2-Clause
/*
 * Hart states as far as one hart can see them, and what is refused. SBI 9 (HSM). The rest is in
 * guest/smp.
 */
#include "sbi/topics.h"

static const uint64_t reserved_types[] = {0x1, 0x0fffffff, 0x80000001, 0x8fffffff};

/* With an IPI pending a suspension ends at once. */
static struct sbi_ret suspend(uint64_t type, uint64_t address)
{
    struct sbi_ret ret;

    csr_set(sie, SIP_SSIP);
    sbi_send_ipi(1, hart_self()->id);
    ret = sbi_hart_suspend(type, address, 0);
    csr_clear(sip, SIP_SSIP);
    csr_clear(sie, SIP_SSIP);
    return ret;
}

static void check_states(void)
{
    uint64_t self = hart_self()->id, entry = (uint64_t)hart_start;
    struct sbi_ret status = sbi_hart_status(self);

    tap_ok(!status.error && status.value == SBI_HSM_STARTED, "this hart is STARTED");
    tap_equal(sbi_hart_status(NO_HART).error, SBI_ERR_INVALID_PARAM,
              "the status of a hart that does not exist is INVALID_PARAM");
    tap_equal(sbi_hart_start(self, entry, 0).error, SBI_ERR_ALREADY_AVAILABLE,
              "starting this hart is ALREADY_AVAILABLE");
    tap_equal(sbi_hart_start(NO_HART, entry, 0).error, SBI_ERR_INVALID_PARAM,
              "starting a hart that does not exist is INVALID_PARAM");
    /* OpenSBI cuts hart ids to 32 bits. */
    tap_ok(sbi_is_opensbi() ||
               (sbi_hart_status(BIT(32) | self).error == SBI_ERR_INVALID_PARAM &&
                sbi_hart_start(BIT(32) | self, entry, 0).error == SBI_ERR_INVALID_PARAM),
           "a hart id is 64 bits wide");
}

static void check_suspend(void)
{
    unsigned refused = 0;

    tap_equal(suspend(SBI_HSM_SUSPEND_RETENTIVE, 0).error, SBI_SUCCESS,
              "a retentive suspension ends for a pending interrupt");
    tap_equal(suspend(BIT(32) | SBI_HSM_SUSPEND_RETENTIVE, 0).error, SBI_SUCCESS,
              "its type is the low 32 bits of a0");
    for (unsigned i = 0; i < ARRAY_SIZE(reserved_types); i++)
        refused += suspend(reserved_types[i], 0).error == SBI_ERR_INVALID_PARAM;
    tap_equal(refused, ARRAY_SIZE(reserved_types), "reserved types are INVALID_PARAM");

    int64_t error = suspend(0x10000000, 0).error;

    tap_ok(error == SBI_ERR_INVALID_PARAM || error == SBI_ERR_NOT_SUPPORTED,
           "a type of the platform that is not there is refused");
    tap_equal(suspend(SBI_HSM_SUSPEND_NON_RETENTIVE, bad_address()).error, SBI_ERR_INVALID_ADDRESS,
              "resuming where no code can be is INVALID_ADDRESS");
}

void hsm_test(void)
{
    check_states();
    check_suspend();
}
