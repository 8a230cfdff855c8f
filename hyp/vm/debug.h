/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMs that are debugged: vCPUs that are kept from running, and exits that are for the debugger.
 * What it changes in a VM's memory is vm/debug_point.h's, and what it says to whom is gdb/'s. There
 * is one debugger, on one hart, outside of any exit.
 */
#ifndef VM_DEBUG_H
#define VM_DEBUG_H

#include "vm/vm.h"

/* From now on each event, and each vCPU that came to stand still, calls `come` on its hart, and
 * then the hart of `home` is kicked. Before any VM is debugged. */
void debug_init(const struct vcpu_home *home, void (*come)(void));

/* A debugger may want to look. Any hart; before debug_init it does nothing. */
void debug_tell(void);

/* The VM is debugged from now on; its vCPUs run on. */
void debug_begin(struct vm *vm);

/* Its points are taken out and forgotten, its vCPUs run on. They are held and still, or have left
 * for good. Also good for a VM that is not debugged. */
void debug_end(struct vm *vm);
bool debug_is_on(const struct vm *vm);

/* The vCPU leaves its guest, and runs no instruction before it is released. A hold is counted
 * once. What was stored as code meanwhile is seen by it. */
void debug_hold(struct vcpu *vcpu);
void debug_release(struct vcpu *vcpu);

/* True where it stands still: what struct vcpu says of it is so. */
bool debug_is_still(const struct vcpu *vcpu);

/* At an exit: the vCPU is held, and has an event; it must leave its hart. False, and nothing
 * happens, where its VM is not debugged, or `gpa` is on no page that is watched. */
bool debug_stop(struct vcpu *vcpu);
bool debug_stop_watched(struct vcpu *vcpu, gpa_t gpa);

#endif
