/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two atomic words of struct vcpu_pending. Comes before sched/run.c, which takes the changes.
 */
#include "vcpu/pending.h"

#include "riscv/csr.h"

/* The level is in place before `changed` says that there is one. */
void pending_set(struct vcpu *vcpu, uint64_t bits, bool level)
{
    if (level)
        __atomic_fetch_or(&vcpu->pending.level, bits, __ATOMIC_SEQ_CST);
    else
        __atomic_fetch_and(&vcpu->pending.level, ~bits, __ATOMIC_SEQ_CST);
    __atomic_fetch_or(&vcpu->pending.changed, bits, __ATOMIC_SEQ_CST);
}

void pending_take(struct vcpu *vcpu, uint64_t *raise, uint64_t *lower)
{
    uint64_t changed = __atomic_exchange_n(&vcpu->pending.changed, 0, __ATOMIC_SEQ_CST);
    uint64_t level = __atomic_load_n(&vcpu->pending.level, __ATOMIC_SEQ_CST);

    *raise = changed & level;
    *lower = changed & ~level;
    if (*raise & HVIP_VSSIP)
        pmu_count(&vcpu->pmu, SBI_PMU_FW_IPI_RECEIVED);
}
