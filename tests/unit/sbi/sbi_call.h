/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SBI calls as a guest makes them: registers in, registers out. vCPU 0 of a VM with SBI_VCPUS
 * calls; the others are stopped.
 */
#ifndef SBI_CALL_H
#define SBI_CALL_H

#include "sbi/sbi.h"

#include "fakes/machine.h"
#include "lib/bits.h"

#define SBI_VCPUS 4
#define SBI_PC    0x80204560UL
#define SBI_PATTERN                                                                                \
    0x5a00000000000000UL /* register n holds SBI_PATTERN + n unless it is an argument */

static struct vcpu_home home;
static struct vm *vm;
static struct vcpu *vcpu;            /* the caller */
static enum exit_verdict verdict;    /* of the last call */
static struct tty_fake *sbi_console; /* of the VM */

static inline int sbi_setup(void **state)
{
    int err = machine_setup(state);

    if (err)
        return err;
    home = (struct vcpu_home){0};
    vm = machine_add("a", SBI_VCPUS, &home);
    sbi_console = &machine_ttys[0];
    vcpu = &vm->vcpus[0];
    machine_trap(vcpu, SBI_PC);
    return 0;
}

/* One call; returns a0. All registers but a0 and a1 are as they were: SBI 3 (Binary Encoding). */
static inline int64_t sbi_call(uint64_t extension, uint64_t function, const uint64_t args[6])
{
    struct vcpu_regs before;

    for (unsigned i = 1; i < 32; i++)
        vcpu->regs.x[i] = SBI_PATTERN + i;
    for (unsigned i = 0; i < 6; i++)
        vcpu->regs.x[REG_A0 + i] = args[i];
    vcpu->regs.x[REG_A6] = function;
    vcpu->regs.x[REG_A7] = extension;
    before = vcpu->regs;
    verdict = sbi_handle(vcpu);
    before.x[REG_A0] = vcpu->regs.x[REG_A0];
    before.x[REG_A1] = vcpu->regs.x[REG_A1];
    assert_memory_equal(&vcpu->regs, &before, sizeof(before));
    return (int64_t)vcpu->regs.x[REG_A0];
}

#define CALL(extension, function, ...)                                                             \
    sbi_call(extension, function, (const uint64_t[6]){__VA_ARGS__})

/* a1 of the last call. */
static inline uint64_t sbi_value(void)
{
    return vcpu->regs.x[REG_A1];
}

/* A call that fails with `error`; the guest goes on. */
#define EXPECT_ERROR(error, ...)                                                                   \
    do {                                                                                           \
        assert_int_equal(CALL(__VA_ARGS__), error);                                                \
        assert_int_equal(verdict, EXIT_ADVANCE);                                                   \
    } while (0)

/* A call that succeeds with `value`; the guest goes on. */
#define EXPECT_VALUE(value, ...)                                                                   \
    do {                                                                                           \
        EXPECT_ERROR(SBI_SUCCESS, __VA_ARGS__);                                                    \
        assert_int_equal(sbi_value(), value);                                                      \
    } while (0)

#define SBI_TEST(test) cmocka_unit_test_setup_teardown(test, sbi_setup, machine_teardown)

#endif
