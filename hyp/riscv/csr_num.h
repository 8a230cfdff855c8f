/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of CSRs, for decoding what a guest wrote. Priv 2.2 (CSR Listing).
 */
#ifndef RISCV_CSR_NUM_H
#define RISCV_CSR_NUM_H

#define CSR_NUM_SIE          0x104
#define CSR_NUM_CYCLE        0xc00
#define CSR_NUM_TIME         0xc01
#define CSR_NUM_INSTRET      0xc02
#define CSR_NUM_HPMCOUNTER3  0xc03
#define CSR_NUM_HPMCOUNTER31 0xc1f

/* Where a CSR's number is 11 in bits 11:10, it can only be read. Priv 2.1 (CSR Address Mapping) */
#define CSR_NUM_READ_ONLY BITS(11, 10)

#define CSR_NUM_COUNTER_MASK 0x1f /* number of a counter within the unprivileged block */

#endif
