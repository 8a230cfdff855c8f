// SPDX-License-Identifier: BSD-2-Clause
/*
 * Every call of SBI 2.0 that a VM offers, with good and bad arguments, on one hart. This file is
 * the list of topics. Where OpenSBI 1.5.1 is known to answer otherwise than the specification
 * says, the check names it and asks for the specified answer elsewhere.
 */
#include "sbi/topics.h"

void guest_main(void)
{
    tap_plan(BASE_CHECKS + REGISTER_CHECKS + TIME_CHECKS + IPI_CHECKS + RFENCE_CHECKS + HSM_CHECKS +
             SRST_CHECKS + DBCN_CHECKS + LEGACY_CHECKS);
    base_test();
    register_test();
    time_test();
    ipi_test();
    rfence_test();
    hsm_test();
    srst_test();
    dbcn_test();
    legacy_test();
    tap_end();
}
