/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of a vCPU that stands still, by GDB's numbers: those of its RISC-V targets, where a CSR
 * has its own number plus REGISTERS_CSR. Supervisor CSRs are the guest's: what it calls sstatus is
 * our vsstatus.
 */
#ifndef GDB_REGISTERS_H
#define GDB_REGISTERS_H

#include "vcpu/vcpu.h"

#include <stddef.h>

#define REGISTERS_PC       32
#define REGISTERS_F        33
#define REGISTERS_CSR      65
#define REGISTERS_PRIV     4161
#define REGISTERS_V        4162
#define REGISTERS_SIZE_MAX 8192 /* bytes of a vector register: VLEN is at most 2^16 bits */

/* Those that `g` and `G` carry: x0 to x31 and pc, as they stand in memory. */
#define REGISTERS_GENERAL_SIZE (33 * sizeof(uint64_t))

/* The register in its own size, which is returned; 0 where there is none. `to` has room for
 * REGISTERS_SIZE_MAX bytes. */
size_t registers_read(const struct vcpu *vcpu, uint64_t number, void *to);

/* False where there is no such register, it cannot be written, or has another size. */
bool registers_write(struct vcpu *vcpu, uint64_t number, const void *from, size_t size);

/* A CSR that there is: its name, and its number without REGISTERS_CSR. False after the last one. */
bool registers_csr(unsigned index, const char **name, unsigned *number);

#endif
