/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The goldfish RTC: time by halves, the alarm and its wire, and what the clock is asked.
 */
#include "dev/vrtc.h"
#include "lib/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TIME_LOW        0x00
#define TIME_HIGH       0x04
#define ALARM_LOW       0x08
#define ALARM_HIGH      0x0c
#define IRQ_ENABLED     0x10
#define CLEAR_ALARM     0x14
#define ALARM_STATUS    0x18
#define CLEAR_INTERRUPT 0x1c

struct fake_clock {
    struct vrtc_clock clock;
    uint64_t now;
    uint64_t deadline;
};

static struct fake_clock wall;
static struct vrtc vrtc;
static bool wire;

static uint64_t fake_now(struct vrtc_clock *self)
{
    return ((struct fake_clock *)self)->now;
}

static void fake_set_deadline(struct vrtc_clock *self, uint64_t ns)
{
    ((struct fake_clock *)self)->deadline = ns;
}

static void set_wire(void *target, unsigned number, bool level)
{
    assert_ptr_equal(target, &wire);
    assert_int_equal(number, 11);
    wire = level;
}

static int start(void **state)
{
    struct irq_line irq = {.set = set_wire, .target = &wire, .number = 11};

    (void)state;
    wall = (struct fake_clock){.clock = {.now_ns = fake_now, .set_deadline = fake_set_deadline},
                               .now = 0x123456789abcdef0,
                               .deadline = UINT64_MAX};
    wire = false;
    vrtc_init(&vrtc, 0x101000, irq, &wall.clock);
    return 0;
}

static uint32_t get(uint64_t offset)
{
    return (uint32_t)vrtc.vdev.ops->read(&vrtc.vdev, offset, 4);
}

static void put(uint64_t offset, uint32_t value)
{
    vrtc.vdev.ops->write(&vrtc.vdev, offset, 4, value);
}

static uint64_t get_time(void)
{
    uint64_t low = get(TIME_LOW);

    return (uint64_t)get(TIME_HIGH) << 32 | low;
}

/* As Linux does it: the high half first. */
static void set_alarm(uint64_t ns)
{
    put(ALARM_HIGH, (uint32_t)(ns >> 32));
    put(ALARM_LOW, (uint32_t)ns);
}

static void time_is_read_by_halves(void **state)
{
    (void)state;
    assert_int_equal(get(TIME_LOW), 0x9abcdef0);
    wall.now = 0x12345679ffffffff; /* the high half was kept */
    assert_int_equal(get(TIME_HIGH), 0x12345678);
    assert_int_equal(get_time(), 0x12345679ffffffff);
}

static void the_guest_can_set_the_time(void **state)
{
    (void)state;
    put(TIME_HIGH, 0x11111111);
    put(TIME_LOW, 0x22222222);
    assert_int_equal(get_time(), 0x1111111122222222);
    wall.now += 1000;
    assert_int_equal(get_time(), 0x1111111122222222 + 1000);
    vrtc.vdev.ops->reset(&vrtc.vdev); /* a battery keeps it */
    assert_int_equal(get_time(), 0x1111111122222222 + 1000);
}

static void an_alarm_fires_at_its_time(void **state)
{
    uint64_t at = wall.now + 5000000000;

    (void)state;
    put(IRQ_ENABLED, 1);
    set_alarm(at);
    assert_int_equal(get(ALARM_STATUS), 1);
    assert_int_equal(get(ALARM_LOW), (uint32_t)at);
    assert_int_equal(get(ALARM_HIGH), at >> 32);
    assert_int_equal(wall.deadline, at);
    wall.now = at - 1;
    vrtc_check(&vrtc);
    assert_false(wire);
    assert_int_equal(wall.deadline, at); /* asked for again: this call was too early */
    wall.now = at;
    vrtc_check(&vrtc);
    assert_true(wire);
    assert_int_equal(get(ALARM_STATUS), 0);
    assert_int_equal(wall.deadline, UINT64_MAX);
    put(CLEAR_INTERRUPT, 0);
    assert_false(wire);
    vrtc_check(&vrtc);
    assert_false(wire);
}

static void an_alarm_in_the_past_fires_at_once(void **state)
{
    (void)state;
    put(IRQ_ENABLED, 1);
    set_alarm(wall.now);
    assert_true(wire);
    assert_int_equal(get(ALARM_STATUS), 0);
}

static void the_enable_bit_only_gates_the_wire(void **state)
{
    (void)state;
    set_alarm(1);
    assert_false(wire);
    put(IRQ_ENABLED, 0xffffffff);
    assert_int_equal(get(IRQ_ENABLED), 1);
    assert_true(wire);
    put(IRQ_ENABLED, 2);
    assert_int_equal(get(IRQ_ENABLED), 0);
    assert_false(wire);
}

static void a_cleared_alarm_does_not_fire(void **state)
{
    (void)state;
    put(IRQ_ENABLED, 1);
    set_alarm(wall.now + 10);
    put(CLEAR_ALARM, 1);
    assert_int_equal(get(ALARM_STATUS), 0);
    assert_int_equal(wall.deadline, UINT64_MAX);
    wall.now += 20;
    vrtc_check(&vrtc);
    assert_false(wire);
}

static void setting_the_time_moves_the_alarm(void **state)
{
    (void)state;
    wall.now = 1000;
    put(IRQ_ENABLED, 1);
    set_alarm(5000);
    assert_int_equal(wall.deadline, 5000);
    put(TIME_LOW, 4000);
    assert_int_equal(wall.deadline, 2000); /* 1000 ns are left */
    put(TIME_LOW, 500);
    assert_int_equal(wall.deadline, 5500);
    put(TIME_LOW, 6000);
    assert_true(wire);
}

static void a_deadline_past_the_end_of_time_is_never(void **state)
{
    (void)state;
    wall.now = UINT64_MAX - 100; /* guest time is 0: the alarm is beyond the clock's end */
    put(TIME_HIGH, 0);
    put(TIME_LOW, 0);
    set_alarm(UINT64_MAX - 1);
    assert_int_equal(get(ALARM_STATUS), 1);
    assert_int_equal(wall.deadline, UINT64_MAX);
    wall.now = UINT64_MAX;
    vrtc_check(&vrtc);
    assert_false(wire);
}

static void other_sizes_and_offsets_do_nothing(void **state)
{
    (void)state;
    for (unsigned size = 1; size <= 8; size *= 2) {
        if (size == 4)
            continue;
        for (uint64_t offset = 0; offset < 0x20; offset += size) {
            vrtc.vdev.ops->write(&vrtc.vdev, offset, size, 1);
            assert_int_equal(vrtc.vdev.ops->read(&vrtc.vdev, offset, size), 0);
        }
    }
    put(ALARM_STATUS, 1);
    put(0x20, 1);
    put(0xffc, 1);
    assert_int_equal(get(ALARM_STATUS), 0);
    assert_int_equal(get(IRQ_ENABLED), 0);
    assert_int_equal(get(CLEAR_ALARM), 0);
    assert_int_equal(get(CLEAR_INTERRUPT), 0);
    assert_int_equal(get(0x20), 0);
    assert_int_equal(get_time(), wall.now);
    assert_false(wire);
}

static void reset_lowers_the_wire(void **state)
{
    (void)state;
    put(IRQ_ENABLED, 1);
    set_alarm(1);
    assert_true(wire);
    vrtc.vdev.ops->reset(&vrtc.vdev);
    assert_false(wire);
    assert_int_equal(get(IRQ_ENABLED), 0);
    assert_int_equal(get(ALARM_LOW), 0);
    assert_int_equal(get(ALARM_HIGH), 0);
    put(IRQ_ENABLED, 1);
    assert_false(wire);
}

static size_t save(uint8_t *buffer, size_t size)
{
    struct archive archive;

    archive_init_writer(&archive, buffer, size);
    vrtc.vdev.ops->archive(&vrtc.vdev, &archive);
    assert_int_equal(archive.error, 0);
    return archive.position;
}

static int load(const uint8_t *buffer, size_t size)
{
    struct archive archive;

    archive_init_reader(&archive, buffer, size);
    vrtc.vdev.ops->archive(&vrtc.vdev, &archive);
    return archive.error;
}

static void a_restored_alarm_still_fires(void **state)
{
    uint8_t buffer[512];

    (void)state;
    put(TIME_HIGH, 0x22222222);
    put(IRQ_ENABLED, 1);
    set_alarm(get_time() + 777);
    get(TIME_LOW);
    put(ALARM_HIGH, 5);
    size_t size = save(buffer, sizeof(buffer));
    start(NULL);
    assert_int_equal(load(buffer, size), 0);
    assert_int_equal(wall.deadline, wall.now + 777);
    assert_int_equal(get(TIME_HIGH), 0x22222222);
    assert_int_equal(get(ALARM_HIGH), 5);
    assert_int_equal(get_time() >> 32, 0x22222222);
    assert_false(wire);
    wall.now += 777;
    vrtc_check(&vrtc);
    assert_true(wire);
}

static void a_restored_late_alarm_waits_for_the_clock(void **state)
{
    uint8_t buffer[512];

    (void)state;
    put(IRQ_ENABLED, 1);
    set_alarm(wall.now + 10);
    size_t size = save(buffer, sizeof(buffer));
    start(NULL);
    wall.now += 1000;
    assert_int_equal(load(buffer, size), 0);
    assert_false(wire); /* the record of the interrupt controller is not read yet */
    assert_int_equal(wall.deadline, wall.now);
    vrtc_check(&vrtc);
    assert_true(wire);
}

static void a_corrupt_record_leaves_it_reset(void **state)
{
    uint8_t buffer[512];

    (void)state;
    put(IRQ_ENABLED, 1);
    set_alarm(wall.now + 10);
    size_t size = save(buffer, sizeof(buffer));
    for (size_t cut = 0; cut < size; cut++) {
        assert_int_equal(load(buffer, cut), ERR_CORRUPT);
        assert_int_equal(get(ALARM_STATUS), 0);
        assert_int_equal(get(IRQ_ENABLED), 0);
        assert_int_equal(wall.deadline, UINT64_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(time_is_read_by_halves, start),
        cmocka_unit_test_setup(the_guest_can_set_the_time, start),
        cmocka_unit_test_setup(an_alarm_fires_at_its_time, start),
        cmocka_unit_test_setup(an_alarm_in_the_past_fires_at_once, start),
        cmocka_unit_test_setup(the_enable_bit_only_gates_the_wire, start),
        cmocka_unit_test_setup(a_cleared_alarm_does_not_fire, start),
        cmocka_unit_test_setup(setting_the_time_moves_the_alarm, start),
        cmocka_unit_test_setup(a_deadline_past_the_end_of_time_is_never, start),
        cmocka_unit_test_setup(other_sizes_and_offsets_do_nothing, start),
        cmocka_unit_test_setup(reset_lowers_the_wire, start),
        cmocka_unit_test_setup(a_restored_alarm_still_fires, start),
        cmocka_unit_test_setup(a_restored_late_alarm_waits_for_the_clock, start),
        cmocka_unit_test_setup(a_corrupt_record_leaves_it_reset, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
