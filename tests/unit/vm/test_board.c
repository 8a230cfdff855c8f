/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board's wires: from the PLIC to vCPUs, between the serial port and the console, from the
 * test device to the machine's end. The clock's: test_board_clock.c.
 */
#include "board_fixture.h"

#define UART_LSR_IDLE  0x60
#define UART_LSR_READY 0x61
#define IER_DATA       1
#define MCR_LOOP       0x10
#define ALL_VCPUS      (BIT(BOARD_VCPUS) - 1)

static void each_device_has_its_place(void **state)
{
    uint64_t value;

    (void)state;
    assert_int_equal(get(BOARD_UART_BASE + UART_LSR, 1), UART_LSR_IDLE);
    assert_int_equal(get(BOARD_TEST_BASE, 4), 0);
    assert_int_equal(get(PLIC_PRIORITY(1), 4), 0);
    put(BOARD_RTC_BASE + 0x0c, 4, 77);
    assert_int_equal(get(BOARD_RTC_BASE + 0x0c, 4), 77);
    assert_false(bus_read(&vm->bus, BOARD_UART_BASE + 0x1000, 1, &value));
    assert_false(bus_read(&vm->bus, BOARD_RAM_BASE, 4, &value));
    assert_false(bus_read(&vm->bus, 0, 4, &value));
}

/* The vCPUs whose VSEIP is on its way up. */
static uint64_t interrupted(void)
{
    uint64_t mask = 0;

    for (unsigned i = 0; i < BOARD_VCPUS; i++) {
        if (vm->vcpus[i].pending.changed & vm->vcpus[i].pending.level & HVIP_VSEIP)
            mask |= BIT(i);
    }
    return mask;
}

static void a_byte_interrupts_who_listens(void **state)
{
    for (unsigned id = 0; id < BOARD_VCPUS; id++) {
        listen_to(BOARD_UART_IRQ, id);
        put(BOARD_UART_BASE + UART_IER, 1, IER_DATA);
        type("x");
        assert_int_equal(interrupted(), BIT(id));
        assert_int_equal(vm->vcpus[id].requests & VCPU_REQUEST_INTERRUPT, VCPU_REQUEST_INTERRUPT);
        assert_int_equal(get(PLIC_CLAIM(id), 4), BOARD_UART_IRQ);
        assert_int_equal(interrupted(), 0);
        assert_int_equal(vm->vcpus[id].pending.changed, HVIP_VSEIP); /* to be lowered */
        put(PLIC_CLAIM(id), 4, BOARD_UART_IRQ);
        assert_int_equal(interrupted(), BIT(id)); /* the byte is still there */
        get(BOARD_UART_BASE, 1);
        machine_teardown(state);
        board_setup(state);
    }
}

static void all_may_listen(void **state)
{
    (void)state;
    for (unsigned id = 0; id < BOARD_VCPUS; id++)
        listen_to(BOARD_UART_IRQ, id);
    put(BOARD_UART_BASE + UART_IER, 1, IER_DATA);
    type("x");
    assert_int_equal(interrupted(), ALL_VCPUS);
    assert_int_equal(get(PLIC_CLAIM(2), 4), BOARD_UART_IRQ);
    assert_int_equal(interrupted(), 0);
}

/* Contexts 0, 2, 4 are M-mode's, which guests do not have. */
static void nobody_hears_the_even_contexts(void **state)
{
    (void)state;
    put(PLIC_PRIORITY(BOARD_UART_IRQ), 4, 1);
    for (unsigned id = 0; id < BOARD_VCPUS; id++)
        put(BOARD_PLIC_BASE + 0x2000 + 0x100 * id, 4, BIT(BOARD_UART_IRQ));
    put(BOARD_UART_BASE + UART_IER, 1, IER_DATA);
    type("x");
    assert_int_equal(interrupted(), 0);
    for (unsigned id = 0; id < BOARD_VCPUS; id++)
        assert_int_equal(vm->vcpus[id].pending.changed, 0);
}

static void what_is_sent_comes_out(void **state)
{
    (void)state;
    for (const char *text = "hello\r\n"; *text; text++)
        put(BOARD_UART_BASE, 1, (uint8_t)*text);
    assert_string_equal(tty()->out, "hello\r\n");
    vm_console_write(vm, (const uint8_t *)"sbi", 3);
    assert_string_equal(tty()->out, "hello\r\nsbi");
}

/* The FIFO holds less than what waits: what is read makes room for the rest. */
static void what_is_typed_comes_in(void **state)
{
    const char *text = "a line that is longer than the sixteen bytes of the FIFO";

    (void)state;
    put(BOARD_UART_BASE + UART_FCR, 1, 1);
    type(text);
    for (; *text; text++) {
        assert_int_equal(get(BOARD_UART_BASE + UART_LSR, 1), UART_LSR_READY);
        assert_int_equal(get(BOARD_UART_BASE, 1), *text);
    }
    assert_int_equal(get(BOARD_UART_BASE + UART_LSR, 1), UART_LSR_IDLE);
    assert_int_equal(tty()->in_count, 0);
}

/* Also without FIFOs, one byte at a time. */
static void nothing_typed_is_lost(void **state)
{
    (void)state;
    type("one");
    type("two");
    for (const char *text = "onetwo"; *text; text++)
        assert_int_equal(get(BOARD_UART_BASE, 1), *text);
    put(BOARD_UART_BASE + UART_MCR, 1, MCR_LOOP);
    type("three");
    assert_int_equal(get(BOARD_UART_BASE + UART_LSR, 1), UART_LSR_IDLE);
    put(BOARD_UART_BASE + UART_MCR, 1, 0);
    for (const char *text = "three"; *text; text++)
        assert_int_equal(get(BOARD_UART_BASE, 1), *text);
}

/* The SBI's console is the same one: nothing comes twice. */
static void the_sbi_reads_the_same_bytes(void **state)
{
    uint8_t bytes[8];

    (void)state;
    type("abcdef");
    assert_int_equal(vm_console_read(vm, bytes, 2), 2);
    assert_memory_equal(bytes, "ab", 2);
    assert_int_equal(get(BOARD_UART_BASE, 1), 'c');
    assert_int_equal(vm_console_read(vm, bytes, 0), 0);
    assert_int_equal(vm_console_read(vm, bytes, 8), 3);
    assert_memory_equal(bytes, "def", 3);
    assert_int_equal(vm_console_read(vm, bytes, 8), 0);
}

struct ending {
    uint32_t word;
    enum vm_state state;
    const char *reason;
};

static const struct ending endings[] = {
    {0x5555, VM_HALTED, "shut down by its test device"},
    {0x7777, VM_RESETTING, "reset by its test device"},
    {0x00073333, VM_CRASHED, "its test device reports failure 7"},
    {0x00003333, VM_CRASHED, "its test device reports failure 0"},
    {0xffff3333, VM_CRASHED, "its test device reports failure 65535"},
};

static void the_test_device_ends_the_machine(void **state)
{
    for (unsigned i = 0; i < ARRAY_SIZE(endings); i++) {
        vm_start(vm);
        put(BOARD_TEST_BASE, 4, endings[i].word);
        assert_int_equal(vm->state, endings[i].state);
        assert_string_equal(vm->reason, endings[i].reason);
        for (unsigned id = 0; id < BOARD_VCPUS; id++)
            assert_true(vm->vcpus[id].requests & VCPU_REQUEST_STOP);
        machine_teardown(state);
        board_setup(state);
    }
}

static void two_boards_are_two(void **state)
{
    struct vm *second = machine_add("second", 1, &home);

    (void)state;
    put(BOARD_UART_BASE + UART_SCR, 1, 0x5a);
    put(BOARD_UART_BASE, 1, 'x');
    vm_start(vm);
    vm_start(second);
    put(BOARD_TEST_BASE, 4, 0x5555);
    vm = second;
    assert_int_equal(get(BOARD_UART_BASE + UART_SCR, 1), 0);
    assert_int_equal(machine_ttys[1].out_count, 0);
    assert_int_equal(second->state, VM_RUNNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOARD_TEST(each_device_has_its_place),
        BOARD_TEST(a_byte_interrupts_who_listens),
        BOARD_TEST(all_may_listen),
        BOARD_TEST(nobody_hears_the_even_contexts),
        BOARD_TEST(what_is_sent_comes_out),
        BOARD_TEST(what_is_typed_comes_in),
        BOARD_TEST(nothing_typed_is_lost),
        BOARD_TEST(the_sbi_reads_the_same_bytes),
        BOARD_TEST(the_test_device_ends_the_machine),
        BOARD_TEST(two_boards_are_two),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
