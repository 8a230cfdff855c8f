/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VM's board: its devices and their wires. What vm.c builds beside memory and vCPUs.
 */
#ifndef VM_BOARD_H
#define VM_BOARD_H

#include "vm/vm.h"

/* Puts the devices on the bus and resets them. vm->contexts, vcpus and backs are there. */
int board_init(struct vm *vm);

#endif
