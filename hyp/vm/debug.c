/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which vCPUs a debugger keeps from running, and how it hears of what happened to them. Points are
 * debug_point.c's.
 */
#include "vm/debug.h"

#include "vcpu/kick.h"
#include "vcpu/request.h"
#include "vm/debug_point.h"

/* Set once. */
static const struct vcpu_home *listener;
static void (*listener_come)(void);

void debug_init(const struct vcpu_home *home, void (*come)(void))
{
    debug_point_init();
    listener_come = come;
    listener = home;
}

/* Where it is this hart, too: it looked for work before its queues, and may go to sleep next. */
void debug_tell(void)
{
    if (!listener)
        return;
    listener_come();
    kick_hart(listener);
}

bool debug_is_on(const struct vm *vm)
{
    return __atomic_load_n(&vm->is_debugged, __ATOMIC_SEQ_CST);
}

void debug_begin(struct vm *vm)
{
    __atomic_store_n(&vm->is_debugged, 1, __ATOMIC_SEQ_CST);
}

void debug_hold(struct vcpu *vcpu)
{
    if (!__atomic_exchange_n(&vcpu->debug.is_held, 1, __ATOMIC_SEQ_CST))
        vcpu_request(vcpu, VCPU_REQUEST_STATE);
}

void debug_release(struct vcpu *vcpu)
{
    if (__atomic_exchange_n(&vcpu->debug.is_held, 0, __ATOMIC_SEQ_CST))
        vcpu_request(vcpu, VCPU_REQUEST_STATE | VCPU_REQUEST_FENCE_I);
}

bool debug_is_still(const struct vcpu *vcpu)
{
    return vm_holds(vcpu) && __atomic_load_n(&vcpu->is_blocked, __ATOMIC_SEQ_CST);
}

/* It leaves its hart as it is held; the queue looks at that, and tells. */
bool debug_stop(struct vcpu *vcpu)
{
    if (!debug_is_on(vcpu->vm))
        return false;
    __atomic_store_n(&vcpu->debug.has_event, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&vcpu->debug.is_held, 1, __ATOMIC_SEQ_CST);
    return true;
}

bool debug_stop_watched(struct vcpu *vcpu, gpa_t gpa)
{
    struct gstage_leaf leaf;

    return debug_is_on(vcpu->vm) && gstage_walk(&vcpu->vm->gstage, gpa, &leaf) && debug_stop(vcpu);
}

/* Held ones are released in any case: the debugger may have held one of a VM that was just ending.
 */
void debug_end(struct vm *vm)
{
    bool was_on = __atomic_exchange_n(&vm->is_debugged, 0, __ATOMIC_SEQ_CST);

    if (was_on) {
        debug_point_take_out(vm);
        debug_point_remove_all(vm, DEBUG_ALL);
    }
    for (uint32_t i = 0; i < vm->vcpu_count; i++) {
        __atomic_store_n(&vm->vcpus[i].debug.has_event, 0, __ATOMIC_SEQ_CST);
        debug_release(&vm->vcpus[i]);
    }
    if (was_on)
        debug_tell();
}
