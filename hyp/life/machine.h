/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What life.c needs of machine.c beside life.h: the list of machines, and their memory.
 */
#ifndef LIFE_MACHINE_H
#define LIFE_MACHINE_H

#include "life/life.h"

/* The list, empty; see life_init. */
int machine_init(void (*place)(struct vm *vm), const void *data, uint64_t size,
                 struct refusal *refusal);

/* Lock held: out of the list, to be freed; nobody finds it any more. */
void machine_remove(struct machine *machine);

/* Gives back every page of a machine that was removed. No vCPU of it runs or will run. */
void machine_free(struct machine *machine);

#endif
