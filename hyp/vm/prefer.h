/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Directed yield: a vCPU that waits for another one of its VM, which waits for a hart, asks that
 * hart to let it go first. A hint: the hart's policy decides (sched/policy.h), and there is one
 * place a hart. Asked by sbi/sbi_ipi.c, taken by sched/queue.c.
 *
 * Whoever stands in the place counts as a vCPU that has not left its VM (vm_leave), so that the VM
 * is there when the hart looks. The asker has not left either, so the count is not 0 before.
 */
#ifndef VM_PREFER_H
#define VM_PREFER_H

#include "vm/vm.h"

/* True where it could run and has no hart, as far as others can see. Any hart. */
bool prefer_is_due(const struct vcpu *vcpu);

/* The vCPU should have its hart next, which is kicked. By a vCPU of the same VM that is loaded. */
void prefer_ask(struct vcpu *vcpu);

/* True where somebody was asked for at this home. */
static inline bool prefer_is_asked(const struct vcpu_home *home)
{
    return __atomic_load_n(&home->wanted, __ATOMIC_RELAXED);
}

/* Who was asked for at this home, or NULL. The caller then owes vm_leave(vcpu->vm). */
struct vcpu *prefer_take(struct vcpu_home *home);

#endif
