/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The topics of this guest, one file each, in the order in which they run. (Not sbi.h: the
 * hypervisor has an sbi/sbi.h.)
 */
#ifndef SBI_TOPICS_H
#define SBI_TOPICS_H

#include "lib/clock.h"
#include "lib/harts.h"
#include "lib/sbi_call.h"
#include "lib/tap.h"
#include "riscv/csr.h"

enum { BASE_CHECKS = 11, REGISTER_CHECKS = 2, TIME_CHECKS = 5, IPI_CHECKS = 6 };
enum { RFENCE_CHECKS = 6, HSM_CHECKS = 10, SRST_CHECKS = 3, DBCN_CHECKS = 11, LEGACY_CHECKS = 10 };

void base_test(void);
void register_test(void);
void time_test(void);
void ipi_test(void);
void rfence_test(void);
void hsm_test(void);
void srst_test(void);
void dbcn_test(void);
void legacy_test(void);

#define NO_HART     1000
#define NO_FUNCTION 0x7f

/* An address that belongs to the firmware where that is OpenSBI, which takes every other address
 * for good and faults on it; in a VM, where no firmware is, an address that nothing has. */
#define FIRMWARE_ADDRESS 0x80000000UL
#define NO_ADDRESS       BIT(50)
static inline uint64_t bad_address(void)
{
    return sbi_is_opensbi() ? FIRMWARE_ADDRESS : NO_ADDRESS;
}

#endif
