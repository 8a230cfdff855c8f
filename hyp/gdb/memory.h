/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest memory as a vCPU that stands still sees it: by its own page tables, without looking at
 * rights, as a debugger may read and write all that is mapped. With satp Bare an address is a
 * guest-physical one. Devices are not read: that could change them.
 */
#ifndef GDB_MEMORY_H
#define GDB_MEMORY_H

#include "mem/addr.h"
#include "vcpu/vcpu.h"

#include <stddef.h>

/* ERR_RANGE where no RAM is mapped there. */
int memory_translate(const struct vcpu *vcpu, gva_t gva, gpa_t *gpa);

/* How many bytes could be moved: less than `size` where the rest is not mapped. */
size_t memory_read(const struct vcpu *vcpu, gva_t gva, void *to, size_t size);
size_t memory_write(const struct vcpu *vcpu, gva_t gva, const void *from, size_t size);

/* The instruction at the vCPU's pc: its length, 0 where it cannot be read. */
unsigned memory_insn(const struct vcpu *vcpu, gva_t gva, uint32_t *word);

#endif
