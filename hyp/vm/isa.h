/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which extensions of the host's harts a guest may use: the list that stands in its device tree
 * (Devicetree binding riscv/extensions.yaml, Linux). isa.c is one table and its filter.
 */
#ifndef VM_ISA_H
#define VM_ISA_H

#include "riscv/caps.h"

#define ISA_LIST_MAX 1024 /* holds every list that isa_guest_extensions makes */

/*
 * Writes the names of the guest's extensions one after the other, each with its NUL: the value
 * of "riscv,isa-extensions". Returns its size in bytes, or ERR_NO_MEMORY.
 */
int isa_guest_extensions(const struct caps *caps, char *buffer, size_t size);

/*
 * The same list (of `list_size` bytes) in the older form, "rv64imafdc_zicsr...": the value of
 * "riscv,isa". `text` has at least list_size + 5 bytes.
 */
void isa_guest_text(const char *list, size_t list_size, char *text);

/* True where `name` is in the list. */
bool isa_list_has(const char *list, size_t list_size, const char *name);

#endif
