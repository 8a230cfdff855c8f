/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One instruction of one vCPU, while all others of its VM are held. The hart has no single step;
 * what the instruction does decides how it is made:
 *
 * - jumps, branches, SRET, WFI and what names sie change registers only, and are carried out here;
 * - LR begins a sequence that ends behind its SC, or where it is left: it is run as one;
 * - any other one runs, with a breakpoint behind it and one at the guest's trap handler.
 *
 * The guest's interrupts wait meanwhile: sie is 0 while it runs. A call of HSM is made with them,
 * as they may be what it waits for.
 */
#ifndef GDB_STEP_H
#define GDB_STEP_H

#include "vcpu/vcpu.h"

/* True where the step is done already; else the vCPU, released, will have an event: a point of
 * DEBUG_STEP is among those that are to be put in. It stands still, and no point is in. */
bool step_begin(struct vcpu *vcpu);

/* After step_begin, whether it said true or not, and whatever happened since: the vCPU stands still
 * again. Points are out. */
void step_end(struct vcpu *vcpu);

#endif
