/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest as a list of exits: each entry of vcpu_enter takes the next one, whichever vCPU it is.
 * When the list is used up, the act ends (END_SCRIPT, fakes/end.h).
 *
 * Words in the trace: "enter:a0".
 */
#ifndef FAKES_ENTER_H
#define FAKES_ENTER_H

#include "vcpu/enter.h"

struct enter_exit {
    /* What the guest does before it traps, or NULL. vcpu->regs are its registers, the CSRs stand
     * in vscsr_hart.csrs. */
    void (*guest)(struct vcpu *vcpu);
    uint64_t ticks; /* host time that passes meanwhile */
    struct trap trap;
};

/* The list from now on; it must stay. `count` may be 0. */
void enter_script(const struct enter_exit *exits, unsigned count);

#endif
