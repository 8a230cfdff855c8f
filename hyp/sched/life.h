/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ends of machines: what happens when the last vCPU of a VM has left, and when the last VM is
 * over.
 */
#ifndef SCHED_LIFE_H
#define SCHED_LIFE_H

#include "vm/vm.h"

/* Before any vCPU runs: how many VMs will be started, and whether one was refused. */
void life_init(unsigned vm_count, bool was_refused);

/* A vCPU has left its hart for good. The last one restarts a VM that is VM_RESETTING, else
 * reports; after the last VM the whole machine is turned off. */
void life_leave(struct vm *vm);

#endif
