/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions that are the guest's own affair but came to us, and those that nobody expects.
 */
#include "exit/exit.h"

#include "vcpu/vscsr.h"
#include "vm/debug.h"

/* As the guest would have seen it, had it been delegated. */
enum exit_verdict exit_reflect(struct vcpu *vcpu, struct trap *trap)
{
    vcpu->inject = (struct exception){.cause = trap->scause, .tval = trap->stval};
    return EXIT_INJECT;
}

/* A debugger's, or the guest's own: in a VM that is debugged, who put it there is for the debugger
 * to say. */
enum exit_verdict exit_breakpoint(struct vcpu *vcpu, struct trap *trap)
{
    return debug_stop(vcpu) ? EXIT_HALT : exit_reflect(vcpu, trap);
}

/* A cause that no guest can raise by itself, such as a hardware error: this machine is over. */
enum exit_verdict exit_unexpected(struct vcpu *vcpu, struct trap *trap)
{
    vscsr_save_trap(vcpu);
    vm_crash(vcpu, trap, "a trap that no guest can raise");
    return EXIT_HALT;
}
