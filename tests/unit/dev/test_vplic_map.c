/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt controller's registers: which offset is which, what each keeps, and that nothing
 * else in the window answers.
 */
#include "dev/vplic.h"
#include "dev/vplic_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CONTEXTS 4

static struct vplic vplic;
static struct vplic_context contexts[CONTEXTS];
static bool outputs[CONTEXTS];

static void on_output(void *target, unsigned number, bool level)
{
    (void)target;
    outputs[number] = level;
}

static int start(void **state)
{
    struct irq_line out = {.set = on_output};

    (void)state;
    memset(outputs, 0, sizeof(outputs));
    vplic_init(&vplic, 0x0c000000, contexts, CONTEXTS, out);
    return 0;
}

static uint32_t get(uint64_t offset)
{
    return (uint32_t)vplic.vdev.ops->read(&vplic.vdev, offset, 4);
}

static void put(uint64_t offset, uint32_t value)
{
    vplic.vdev.ops->write(&vplic.vdev, offset, 4, value);
}

static void the_window_is_that_of_the_board(void **state)
{
    (void)state;
    assert_int_equal(vplic.vdev.base, 0x0c000000);
    assert_int_equal(vplic.vdev.size, 0x600000);
}

/* As Linux sets context 1 up and takes an interrupt of source 10. */
static void one_interrupt_by_registers(void **state)
{
    (void)state;
    put(4 * 10, 1);
    put(0x2000 + 0x80, 1 << 10);
    put(0x201000, 0);
    vplic_set_level(&vplic, 10, true);
    assert_true(outputs[1]);
    assert_int_equal(get(0x1000), 1 << 10);
    assert_int_equal(get(0x201004), 10);
    assert_int_equal(get(0x1000), 0);
    assert_false(outputs[1]);
    vplic_set_level(&vplic, 10, false);
    put(0x201004, 10);
    assert_int_equal(get(0x201004), 0);
}

static void priorities(void **state)
{
    (void)state;
    for (uint32_t source = 0; source < 1024; source++)
        put(4 * source, 0xfffffff8 + 1 + source % 7); /* only the low three bits are kept */
    for (uint32_t source = 0; source < 1024; source++)
        assert_int_equal(get(4 * source), source >= 1 && source <= 95 ? 1 + source % 7 : 0);
}

static void pending_bits_are_only_read(void **state)
{
    (void)state;
    put(0x1000, 0xffffffff);
    put(0x1008, 0xffffffff);
    assert_int_equal(get(0x1000) | get(0x1004) | get(0x1008), 0);
    vplic_set_level(&vplic, 31, true);
    vplic_set_level(&vplic, 32, true);
    vplic_set_level(&vplic, 95, true);
    assert_int_equal(get(0x1000), 0x80000000);
    assert_int_equal(get(0x1004), 0x00000001);
    assert_int_equal(get(0x1008), 0x80000000);
    assert_int_equal(get(0x100c), 0);
    assert_int_equal(get(0x1010), 0);
}

static void enables_of_each_context(void **state)
{
    (void)state;
    for (uint32_t context = 0; context < CONTEXTS + 1; context++)
        for (uint32_t word = 0; word < 32; word++)
            put(0x2000 + 0x80 * context + 4 * word, 0x10000001 + context + 2 * word);
    for (uint32_t context = 0; context < CONTEXTS + 1; context++)
        for (uint32_t word = 0; word < 32; word++) {
            uint32_t kept = 0x10000001 + context + 2 * word;
            if (word == 0)
                kept &= ~1u; /* source 0 does not exist */
            if (word > 2 || context >= CONTEXTS)
                kept = 0;
            assert_int_equal(get(0x2000 + 0x80 * context + 4 * word), kept);
        }
}

static void thresholds_of_each_context(void **state)
{
    (void)state;
    for (uint32_t context = 0; context < CONTEXTS + 1; context++)
        put(0x200000 + 0x1000 * context, 0x80000001 + context);
    for (uint32_t context = 0; context < CONTEXTS; context++)
        assert_int_equal(get(0x200000 + 0x1000 * context), 1 + context);
    assert_int_equal(get(0x200000 + 0x1000 * CONTEXTS), 0);
    assert_int_equal(get(0x200000 + 0x1000 * CONTEXTS + 4), 0);
}

static void a_machine_context_is_a_plain_one(void **state)
{
    (void)state;
    put(4 * 5, 1);
    put(0x2000, 1 << 5);
    vplic_set_level(&vplic, 5, true);
    assert_true(outputs[0]);
    assert_int_equal(get(0x200004), 5);
}

static void other_sizes_have_no_effect(void **state)
{
    static const uint64_t offsets[] = {40, 0x1000, 0x2080, 0x201000, 0x201004};

    (void)state;
    put(4 * 10, 1);
    put(0x2080, 1 << 10);
    vplic_set_level(&vplic, 10, true);
    for (size_t i = 0; i < 5; i++)
        for (unsigned size = 1; size <= 8; size *= 2) {
            if (size == 4)
                continue;
            assert_int_equal(vplic_map_read(&vplic.vdev, offsets[i], size), 0);
            vplic_map_write(&vplic.vdev, offsets[i], size, 7);
        }
    assert_int_equal(get(40), 1);
    assert_int_equal(get(0x2080), 1 << 10);
    assert_int_equal(get(0x201000), 0);
    assert_int_equal(get(0x201004), 10);
}

static void the_rest_of_the_window_is_empty(void **state)
{
    (void)state;
    for (uint64_t offset = 0; offset < VPLIC_SIZE; offset += 4)
        if (offset % 0x1000 >= 0x10 || offset >= 0x200000 + 0x1000 * CONTEXTS)
            put(offset, 0xffffffff);
    assert_int_equal(get(0x200008), 0);
    assert_int_equal(get(0x200ffc), 0);
    assert_int_equal(get(0x201ffc), 0);
    assert_int_equal(get(0x1ffffc), 0);
    assert_int_equal(get(VPLIC_SIZE - 4), 0);
}

static void random_accesses_do_no_harm(void **state)
{
    (void)state;
    srand(7);
    for (int i = 0; i < 200000; i++) {
        uint64_t offset = (uint64_t)rand() % VPLIC_SIZE;
        if (rand() % 2)
            offset = (offset & 0x203f84) | (rand() % 2 ? 0x200000 : 0);
        unsigned size = 1u << rand() % 4;
        offset -= offset % size;
        if (rand() % 2)
            vplic_map_write(&vplic.vdev, offset, size, (uint64_t)rand());
        else
            vplic_map_read(&vplic.vdev, offset, size);
        vplic_set_level(&vplic, 1 + (unsigned)rand() % 95, rand() % 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_window_is_that_of_the_board, start),
        cmocka_unit_test_setup(one_interrupt_by_registers, start),
        cmocka_unit_test_setup(priorities, start),
        cmocka_unit_test_setup(pending_bits_are_only_read, start),
        cmocka_unit_test_setup(enables_of_each_context, start),
        cmocka_unit_test_setup(thresholds_of_each_context, start),
        cmocka_unit_test_setup(a_machine_context_is_a_plain_one, start),
        cmocka_unit_test_setup(other_sizes_have_no_effect, start),
        cmocka_unit_test_setup(the_rest_of_the_window_is_empty, start),
        cmocka_unit_test_setup(random_accesses_do_no_harm, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
