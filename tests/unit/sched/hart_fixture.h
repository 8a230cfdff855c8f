/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hart with VMs at home on it, for the tests of sched/.
 */
#ifndef HART_FIXTURE_H
#define HART_FIXTURE_H

#include "sched/hart.h"

#include "exit/exit.h"
#include "fakes/end.h"
#include "fakes/machine.h"
#include "riscv/csr.h"
#include "sched/queue.h"
#include "vcpu/request.h"

#define SLICE    10000UL /* 1/100 s of fakes/caps.h's timebase */
#define INSN_WFI 0x10500073U

static struct hart hart;

/* A test's setup; VMs come by the hart_add of the fixture that includes this one. */
static inline int hart_setup(void **state)
{
    int err = machine_setup(state);

    memset(&hart, 0xa5, sizeof(hart));
    queue_init(&hart, 0, 0, &fair_policy);
    return err;
}

/* Lets vCPU `id`, which is stopped, be started by the next look at the mail. */
static inline void hart_start_vcpu(struct vm *vm, uint32_t id)
{
    vm->vcpus[id].hsm_state = SBI_HSM_START_PENDING;
    vm->vcpus[id].start_pc = MACHINE_KERNEL;
    vcpu_request(&vm->vcpus[id], VCPU_REQUEST_START);
}

#endif
