/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stolen time. What is told is kept here and only written there: what the guest stores to its own
 * bytes misleads nobody else. SBI 16.1, table "STA Shared Memory Structure".
 */
#include "vm/steal.h"

#include "riscv/caps.h"

#define OFFSET_SEQUENCE  0
#define OFFSET_STEAL     8
#define OFFSET_PREEMPTED 16

int steal_tell(struct vcpu *vcpu, gpa_t gpa)
{
    int err = gpa == VCPU_STEAL_NOWHERE ? 0 : guest_mem_clear(&vcpu->vm->gstage, gpa, STEAL_SIZE);

    if (!err)
        vcpu->steal = (struct vcpu_steal){.gpa = gpa};
    return err;
}

/* A place that cannot be written any more is the guest's affair. */
static void tell(struct vcpu *vcpu, uint64_t offset, const void *value, size_t size)
{
    (void)guest_mem_write(&vcpu->vm->gstage, vcpu->steal.gpa + offset, value, size);
}

static void tell_preempted(struct vcpu *vcpu, uint8_t preempted)
{
    tell(vcpu, OFFSET_PREEMPTED, &preempted, sizeof(preempted));
}

/* Another vCPU of the guest may be reading: odd before the value changes, even after it. */
static void tell_steal(struct vcpu *vcpu)
{
    struct vcpu_steal *steal = &vcpu->steal;

    steal->sequence++;
    tell(vcpu, OFFSET_SEQUENCE, &steal->sequence, sizeof(steal->sequence));
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    tell(vcpu, OFFSET_STEAL, &steal->stolen_ns, sizeof(steal->stolen_ns));
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    steal->sequence++;
    tell(vcpu, OFFSET_SEQUENCE, &steal->sequence, sizeof(steal->sequence));
}

void steal_note(struct vcpu *vcpu, uint64_t now)
{
    vcpu->steal.since = now;
    tell_preempted(vcpu, 1);
}

void steal_add(struct vcpu *vcpu, uint64_t now)
{
    vcpu->steal.stolen_ns += caps_ns(now - vcpu->steal.since);
    tell_steal(vcpu);
    tell_preempted(vcpu, 0);
}
