/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of this room share beside life.h.
 */
#ifndef LIFE_MACHINE_H
#define LIFE_MACHINE_H

#include "life/life.h"

/* The list, empty; see life_init. */
int machine_init(int (*place)(struct vm *vm, struct refusal *refusal), const void *data,
                 uint64_t size, struct refusal *refusal);

/* Lock held: out of the list, to be freed; nobody finds it any more. */
void machine_remove(struct machine *machine);

/* Gives back every page of a machine that was removed. No vCPU of it runs or will run; no lock is
 * held. */
void machine_free(struct machine *machine);

/* Lock held: a life of it begins. */
void life_begin(struct machine *machine);

/* A machine that was started is over. With the last one the machine below may be turned off. */
void life_count_out(void);

/* Its guest is loaded anew and starts; or it is over, where that cannot be or people want its end.
 * Its vCPUs have all left; state VM_RESETTING. */
void life_begin_again(struct machine *machine);

#endif
