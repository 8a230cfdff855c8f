/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The run loop on scripted guests (fakes/enter.h). The trace tells the order of its acts.
 */
#ifndef RUN_FIXTURE_H
#define RUN_FIXTURE_H

#include "hart_fixture.h"

#include "fakes/enter.h"
#include "fakes/lives.h"
#include "sched/run.h"

/* Exits. A guest that waits executes WFI, which traps with VTW; an SBI call is made by the guest
 * function, which sets its registers. */
#define WAITS                                                                                      \
    {                                                                                              \
        .trap = {.scause = CAUSE_VIRTUAL_INSN }                                                    \
    }
#define WAITS_AFTER(act)                                                                           \
    {                                                                                              \
        .guest = (act), .trap = {.scause = CAUSE_VIRTUAL_INSN }                                    \
    }
#define CALLS(act)                                                                                 \
    {                                                                                              \
        .guest = (act), .trap = {.scause = CAUSE_ECALL_VS }                                        \
    }
#define INTERRUPTED_AFTER(time)                                                                    \
    {                                                                                              \
        .ticks = (time), .trap = {.scause = CAUSE_INTERRUPT | INTERRUPT_STI }                      \
    }

static inline int run_setup(void **state)
{
    int err = hart_setup(state);

    fetch_fake.word = INSN_WFI;
    lives_setup();
    enter_script(NULL, 0);
    return err;
}

/* A VM at home on `on` that was started: its vCPU 0 is in the mail. With the last one's end the
 * machine ends. */
static inline struct vm *hart_add(const char *name, uint32_t vcpus, struct hart *on)
{
    struct vm_config config = machine_config(name, vcpus);
    struct machine *machine = lives_add(&config, &on->home);

    assert_int_equal(life_start(machine), 0);
    life_keep(false);
    return machine->vm;
}

static inline void run_act(void *on)
{
    run_forever(on);
}

/* Runs the hart until the script is used up, or nothing more can happen. */
static inline enum end run_on(struct hart *on, const struct enter_exit *script, unsigned count)
{
    enter_script(script, count);
    return end_of(run_act, on);
}

#define RUN_ON(on, ...)                                                                            \
    run_on(on, (const struct enter_exit[]){__VA_ARGS__},                                           \
           ARRAY_SIZE(((const struct enter_exit[]){__VA_ARGS__})))

#define RUN(...) RUN_ON(&hart, __VA_ARGS__)

static inline void run_call(struct vcpu *vcpu, uint64_t extension, uint64_t function, uint64_t a0,
                            uint64_t a1, uint64_t a2)
{
    vcpu->regs.x[REG_A0] = a0;
    vcpu->regs.x[REG_A1] = a1;
    vcpu->regs.x[REG_A2] = a2;
    vcpu->regs.x[REG_A6] = function;
    vcpu->regs.x[REG_A7] = extension;
}

/* What guests do. */
static inline void ask_version(struct vcpu *vcpu)
{
    run_call(vcpu, SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION, 0, 0, 0);
}

static inline void start_sibling(struct vcpu *vcpu)
{
    run_call(vcpu, SBI_EXT_HSM, SBI_HSM_HART_START, 1, MACHINE_KERNEL, 0);
}

static inline void start_second_sibling(struct vcpu *vcpu)
{
    run_call(vcpu, SBI_EXT_HSM, SBI_HSM_HART_START, 2, MACHINE_KERNEL, 0);
}

static inline void shut_down(struct vcpu *vcpu)
{
    run_call(vcpu, SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, SBI_SRST_SHUTDOWN, 0, 0);
}

static inline void reboot(struct vcpu *vcpu)
{
    run_call(vcpu, SBI_EXT_SRST, SBI_SRST_SYSTEM_RESET, SBI_SRST_COLD_REBOOT, 0, 0);
}

static inline void send_ipi_to_sibling(struct vcpu *vcpu)
{
    run_call(vcpu, SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, 1, 0);
}

static inline void enable_ipis(struct vcpu *vcpu)
{
    (void)vcpu;
    vscsr_hart.csrs.vsie = SIP_SSIP;
}

#define RUN_TEST(test) cmocka_unit_test_setup_teardown(test, run_setup, machine_teardown)

#endif
