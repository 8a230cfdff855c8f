/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The protocol by which a machine stops: one caller's word counts, every vCPU is asked to leave,
 * the last one closes the door. And how it is held: its vCPUs are asked to look at its state, and
 * sched/ keeps them from running while it is VM_PAUSED.
 */
#include "vm/vm.h"

#include "lib/format.h"
#include "trace/trace.h"
#include "vcpu/request.h"
#include "vm/debug.h"

/* True for the one who changes it from `from`. */
static bool change_state(struct vm *vm, enum vm_state from, enum vm_state to)
{
    uint32_t expected = from;

    if (!__atomic_compare_exchange_n(&vm->state, &expected, to, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST))
        return false;
    trace_life(vm->id, to, from);
    return true;
}

static void ask_vcpus(struct vm *vm, uint64_t request)
{
    for (uint32_t i = 0; i < vm->vcpu_count; i++)
        vcpu_request(&vm->vcpus[i], request);
}

bool vm_is_paused(const struct vm *vm)
{
    return __atomic_load_n(&vm->state, __ATOMIC_SEQ_CST) == VM_PAUSED;
}

bool vm_holds(const struct vcpu *vcpu)
{
    return vm_is_paused(vcpu->vm) || __atomic_load_n(&vcpu->debug.is_held, __ATOMIC_SEQ_CST);
}

bool vm_pause(struct vm *vm)
{
    if (!change_state(vm, VM_RUNNING, VM_PAUSED))
        return false;
    ask_vcpus(vm, VCPU_REQUEST_STATE);
    return true;
}

bool vm_resume(struct vm *vm)
{
    if (!change_state(vm, VM_PAUSED, VM_RUNNING))
        return false;
    ask_vcpus(vm, VCPU_REQUEST_STATE);
    return true;
}

/* True for the first who wants a living machine to stop. People may pause and resume it meanwhile,
 * but not for ever. */
static bool claim_stop(struct vm *vm, enum vm_state state)
{
    uint32_t now = __atomic_load_n(&vm->state, __ATOMIC_SEQ_CST);

    while (now == VM_RUNNING || now == VM_PAUSED) {
        if (change_state(vm, now, state))
            return true;
        now = __atomic_load_n(&vm->state, __ATOMIC_SEQ_CST);
    }
    return false;
}

void vm_stop(struct vm *vm, enum vm_state state, const char *reason, ...)
{
    va_list args;

    if (!claim_stop(vm, state))
        return;
    va_start(args, reason);
    format_text_v(vm->reason, sizeof(vm->reason), reason, args);
    va_end(args);
    if (state == VM_CRASHED)
        vm->crash.trap.insn_len = 0; /* the guest's own word is all that is known */
    ask_vcpus(vm, VCPU_REQUEST_STOP);
}

void vm_crash(struct vcpu *vcpu, const struct trap *trap, const char *reason)
{
    struct vm *vm = vcpu->vm;

    if (!claim_stop(vm, VM_CRASHED))
        return;
    format_text(vm->reason, sizeof(vm->reason), "%s", reason);
    vm->crash = (struct vm_crash){
        .trap = *trap,
        .vcpu = vcpu->id,
        .was_user = vcpu_was_user(vcpu),
        .pc = vcpu->regs.sepc,
        .vstvec = vcpu->csrs.vstvec,
        .vscause = vcpu->csrs.vscause,
        .vsepc = vcpu->csrs.vsepc,
        .vstval = vcpu->csrs.vstval,
    };
    ask_vcpus(vm, VCPU_REQUEST_STOP);
}

bool vm_leave(struct vm *vm)
{
    if (__atomic_sub_fetch(&vm->live_vcpus, 1, __ATOMIC_SEQ_CST) != 0)
        return false;
    debug_end(vm);
    return true;
}
