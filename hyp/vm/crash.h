/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is said of a guest that could not go on.
 */
#ifndef VM_CRASH_H
#define VM_CRASH_H

#include "explain/say.h"
#include "vm/vm.h"

/* Adds to what vm_crash noted: the vCPU's registers and last exits, and where both stages lead the
 * address that the trap is about. All vCPUs have left, and nothing was changed since. Nothing is
 * done where the machine ended without a trap. */
void crash_complete(struct vm *vm);

/* Says what the trap at which it ended means. */
void crash_explain(const struct vm *vm, const struct explain_listener *listener);

/* Prints it, in lines that begin as error lines do; nothing where there was no trap. */
void crash_print(const struct vm *vm);

#endif
