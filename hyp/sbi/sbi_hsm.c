/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI 9 (Hart State Management Extension). A vCPU's state is changed from STOPPED by whoever
 * starts it, and back by itself; the rest is done on its home hart (sched/).
 */
#include "sbi/sbi.h"

#include "vcpu/request.h"
#include "vcpu/vscsr.h"
#include "vm/steal.h"

/* A hart may start or resume in RAM that holds its first instruction. */
static bool is_start_address(const struct vm *vm, uint64_t pc)
{
    return is_aligned(pc, 2) && guest_mem_check(&vm->gstage, pc, 2, PTE_X) == 0;
}

/* SBI 9.1 (HART start) */
static enum sbi_error hart_start(struct vm *vm, uint64_t id, uint64_t pc, uint64_t opaque)
{
    struct vcpu *target;
    uint32_t stopped = SBI_HSM_STOPPED;

    if (id >= vm->vcpu_count)
        return SBI_ERR_INVALID_PARAM;
    if (!is_start_address(vm, pc))
        return SBI_ERR_INVALID_ADDRESS;
    target = &vm->vcpus[id];
    if (!__atomic_compare_exchange_n(&target->hsm_state, &stopped, SBI_HSM_START_PENDING, false,
                                     __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return SBI_ERR_ALREADY_AVAILABLE;
    target->start_pc = pc;
    target->start_opaque = opaque;
    vcpu_request(target, VCPU_REQUEST_START);
    return SBI_SUCCESS;
}

/* SBI 9.2 (HART stop): does not return, and leaves the hart by EXIT_WAIT. Whoever starts it again
 * finds its counters as after a reset, and no stolen time is told. */
static enum exit_verdict hart_stop(struct vcpu *vcpu)
{
    pmu_reset(&vcpu->pmu);
    steal_tell(vcpu, VCPU_STEAL_NOWHERE);
    __atomic_store_n(&vcpu->hsm_state, SBI_HSM_STOPPED, __ATOMIC_SEQ_CST);
    return EXIT_WAIT;
}

/* SBI 9.3 (HART get status) */
static enum exit_verdict hart_status(struct vcpu *vcpu, uint64_t id)
{
    const struct vm *vm = vcpu->vm;

    if (id >= vm->vcpu_count)
        return sbi_error(vcpu, SBI_ERR_INVALID_PARAM);
    return sbi_success(vcpu, __atomic_load_n(&vm->vcpus[id].hsm_state, __ATOMIC_SEQ_CST));
}

/* SBI 9.4 (HART suspend): until an interrupt; afterwards retentive suspend returns, the other
 * begins anew at the resume address. */
static enum exit_verdict hart_suspend(struct vcpu *vcpu, uint32_t type, uint64_t pc,
                                      uint64_t opaque)
{
    if (type != SBI_HSM_SUSPEND_RETENTIVE && type != SBI_HSM_SUSPEND_NON_RETENTIVE)
        return sbi_error(vcpu, SBI_ERR_INVALID_PARAM);
    vcpu->resumes_at_start = type == SBI_HSM_SUSPEND_NON_RETENTIVE;
    if (vcpu->resumes_at_start) {
        if (!is_start_address(vcpu->vm, pc))
            return sbi_error(vcpu, SBI_ERR_INVALID_ADDRESS);
        vcpu->start_pc = pc;
        vcpu->start_opaque = opaque;
    }
    __atomic_store_n(&vcpu->hsm_state, SBI_HSM_SUSPENDED, __ATOMIC_SEQ_CST);
    sbi_success(vcpu, 0);
    return EXIT_WAIT;
}

static enum exit_verdict handle(struct vcpu *vcpu)
{
    const uint64_t *x = vcpu->regs.x;

    switch (x[REG_A6]) {
    case SBI_HSM_HART_START:
        return sbi_error(vcpu, hart_start(vcpu->vm, x[REG_A0], x[REG_A1], x[REG_A2]));
    case SBI_HSM_HART_STOP:
        return hart_stop(vcpu);
    case SBI_HSM_HART_GET_STATUS:
        return hart_status(vcpu, x[REG_A0]);
    case SBI_HSM_HART_SUSPEND:
        return hart_suspend(vcpu, (uint32_t)x[REG_A0], x[REG_A1], x[REG_A2]);
    default:
        return sbi_error(vcpu, SBI_ERR_NOT_SUPPORTED);
    }
}

const struct sbi_extension sbi_hsm = {
    .name = "HSM",
    .first = SBI_EXT_HSM,
    .last = SBI_EXT_HSM,
    .handle = handle,
};
