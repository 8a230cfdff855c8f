/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM's board as its guest's drivers see it.
 */
#ifndef BOARD_FIXTURE_H
#define BOARD_FIXTURE_H

#include "fakes/machine.h"
#include "riscv/csr.h"

#define BOARD_VCPUS 3

/* Offsets of the serial port's registers. */
#define UART_IER 1
#define UART_FCR 2
#define UART_MCR 4
#define UART_LSR 5
#define UART_SCR 7

/* The PLIC's registers; context 2n + 1 is vCPU n in S-mode. */
#define PLIC_PRIORITY(irq) (BOARD_PLIC_BASE + 4UL * (irq))
#define PLIC_ENABLE(id)    (BOARD_PLIC_BASE + 0x2000 + 0x80 * (2UL * (id) + 1))
#define PLIC_CLAIM(id)     (BOARD_PLIC_BASE + 0x200004 + 0x1000 * (2UL * (id) + 1))

static struct vcpu_home home;
static struct vm *vm;

static inline int board_setup(void **state)
{
    int err = machine_setup(state);

    if (err)
        return err;
    home = (struct vcpu_home){0};
    vm = machine_add("a", BOARD_VCPUS, &home);
    return 0;
}

static inline uint64_t get(uint64_t gpa, unsigned size)
{
    uint64_t value = 0;

    assert_true(bus_read(&vm->bus, gpa, size, &value));
    return value;
}

static inline void put(uint64_t gpa, unsigned size, uint64_t value)
{
    assert_true(bus_write(&vm->bus, gpa, size, value));
}

/* vCPU `id` shall be interrupted by source `irq`. */
static inline void listen_to(unsigned irq, unsigned id)
{
    put(PLIC_PRIORITY(irq), 4, 1);
    put(PLIC_ENABLE(id), 4, BIT(irq));
}

static inline struct tty_fake *tty(void)
{
    return &machine_ttys[0];
}

/* Somebody types, and the console tells. */
static inline void type(const char *text)
{
    tty_type(tty(), text);
    vm_console_poke(vm);
}

#define BOARD_TEST(test) cmocka_unit_test_setup_teardown(test, board_setup, machine_teardown)

#endif
