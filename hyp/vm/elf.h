/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernels as ELF files (System V ABI, chapters 4 and 5): 64-bit, little-endian, RISC-V, placed
 * by the physical addresses of their segments. For kernel.c only.
 */
#ifndef VM_ELF_H
#define VM_ELF_H

#include "vm/kernel.h"

/* True where the file says that it is ELF, good or not. */
bool elf_detect(const uint8_t *file, uint64_t size);

/* As kernel_plan and kernel_copy; elf_detect was true, and elf_plan came before elf_copy. */
int elf_plan(const struct vm_config *config, struct kernel *kernel, struct refusal *refusal);
int elf_copy(const struct vm_config *config, const struct gstage *gstage);

#endif
