/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why the guest stopped, and what to do about it.
 */
#ifndef EXIT_EXIT_H
#define EXIT_EXIT_H

#include "vcpu/vcpu.h"
#include "vcpu/verdict.h"

/*
 * Handles one exception of a loaded vCPU and settles its pc: EXIT_ADVANCE and EXIT_INJECT are
 * carried out here and come back as EXIT_RESUME. Returns EXIT_RESUME, EXIT_WAIT, EXIT_PASS or
 * EXIT_HALT.
 */
enum exit_verdict exit_handle(struct vcpu *vcpu, struct trap *trap);

/* An interrupt of the host, which took the hart from the vCPU. */
void exit_interrupt(struct vcpu *vcpu, struct trap *trap);

/* Handles one exit: what exit_handle does, or an interrupt of the host, which is nothing to the
 * guest, and to the scheduler EXIT_YIELD. Inline, as the end of each slice is one. */
static inline enum exit_verdict exit_take(struct vcpu *vcpu, struct trap *trap)
{
    if (!(trap->scause & CAUSE_INTERRUPT))
        return exit_handle(vcpu, trap);
    exit_interrupt(vcpu, trap);
    return EXIT_YIELD;
}

/* The handlers, one file each. They leave the pc alone; see exit.c's table. */
enum exit_verdict exit_ecall(struct vcpu *vcpu, struct trap *trap);
enum exit_verdict exit_fetch_fault(struct vcpu *vcpu, struct trap *trap);
enum exit_verdict exit_load_fault(struct vcpu *vcpu, struct trap *trap);
enum exit_verdict exit_store_fault(struct vcpu *vcpu, struct trap *trap);
enum exit_verdict exit_virtual_insn(struct vcpu *vcpu, struct trap *trap);
enum exit_verdict exit_reflect(struct vcpu *vcpu, struct trap *trap);
enum exit_verdict exit_breakpoint(struct vcpu *vcpu, struct trap *trap);
enum exit_verdict exit_unexpected(struct vcpu *vcpu, struct trap *trap);

#endif
