/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is said of a guest that could not go on.
 */
#ifndef VM_CRASH_H
#define VM_CRASH_H

#include "vm/vm.h"

/* Prints what vm_crash kept, in lines that begin as error lines do; nothing where the machine
 * ended without a trap. No vCPU of the machine runs. */
void crash_print(const struct vm *vm);

#endif
