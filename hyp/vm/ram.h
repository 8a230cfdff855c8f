/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory of a VM, from BOARD_RAM_BASE on.
 */
#ifndef VM_RAM_H
#define VM_RAM_H

#include "vm/vm.h"

/* Gives the VM config.memory bytes. ERR_NO_MEMORY; what was added is left for ram_free. */
int ram_add(struct vm *vm);

/* Frees what ram_add gave: all of it, or as far as it came. No vCPU runs. */
void ram_free(struct vm *vm);

#endif
