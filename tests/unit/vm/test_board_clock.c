/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The board's clock: wall time out of host ticks, the alarm as a deadline of vCPU 0; and the
 * archive of all devices together.
 */
#include "board_fixture.h"

#include "lib/err.h"

#define RTC_TIME_LOW    (BOARD_RTC_BASE + 0x00)
#define RTC_TIME_HIGH   (BOARD_RTC_BASE + 0x04)
#define RTC_ALARM_LOW   (BOARD_RTC_BASE + 0x08)
#define RTC_ALARM_HIGH  (BOARD_RTC_BASE + 0x0c)
#define RTC_IRQ_ENABLED (BOARD_RTC_BASE + 0x10)
#define RTC_CLEAR_ALARM (BOARD_RTC_BASE + 0x14)
#define RTC_ARMED       (BOARD_RTC_BASE + 0x18)

#define EPOCH 1700000000123456789UL /* wall time at host time 0 */

static int clock_setup(void **state)
{
    int err = board_setup(state);

    if (!err)
        vm->backs.epoch_ns = EPOCH;
    return err;
}

static uint64_t wall_time(void)
{
    uint64_t low = get(RTC_TIME_LOW, 4);

    return get(RTC_TIME_HIGH, 4) << 32 | low;
}

static void set_alarm(uint64_t ns)
{
    put(RTC_IRQ_ENABLED, 4, 1);
    put(RTC_ALARM_HIGH, 4, ns >> 32);
    put(RTC_ALARM_LOW, 4, ns & UINT32_MAX);
}

static uint64_t deadline(void)
{
    return vm->vcpus[0].device_deadline;
}

static bool is_interrupted(void)
{
    return vm->vcpus[0].pending.level & HVIP_VSEIP;
}

static void ticks_are_wall_time(void **state)
{
    (void)state;
    vscsr_hart.time = 0;
    assert_int_equal(wall_time(), EPOCH);
    vscsr_hart.time = 1;
    assert_int_equal(wall_time(), EPOCH + 1000);
    caps.timebase = 10000000;
    vscsr_hart.time = 123456789012345;
    assert_int_equal(wall_time(), EPOCH + 12345678901234500);
    caps.timebase = 32768;
    vscsr_hart.time = 3 * 32768 + 1;
    assert_int_equal(wall_time(), EPOCH + 3000030517);
    caps.timebase = 4000000000; /* no product overflows */
    vscsr_hart.time = 4000000000UL * 1000000000 + 3999999999;
    assert_int_equal(wall_time(), EPOCH + 1000000000999999999);
}

static void an_alarm_is_a_deadline(void **state)
{
    (void)state;
    listen_to(BOARD_RTC_IRQ, 0);
    vm->vcpus[0].requests = 0;
    set_alarm(EPOCH + 5000 * 1000);
    assert_in_range(deadline(), 5000, 5001);
    assert_int_equal(vm->vcpus[0].requests, VCPU_REQUEST_TIMER);
    vscsr_hart.time = deadline() - 1;
    vm_service_due(&vm->vcpus[0], vscsr_hart.time);
    assert_int_not_equal(deadline(), UINT64_MAX);
    vscsr_hart.time = deadline();
    vm_service_due(&vm->vcpus[0], vscsr_hart.time);
    assert_true(is_interrupted());
    assert_int_equal(deadline(), UINT64_MAX);
    assert_int_equal(get(RTC_ARMED, 4), 0);
}

/* Whatever the units: at its deadline the alarm fires, and not two ticks too late. */
static void no_alarm_is_early_or_late(void **state)
{
    const uint32_t timebases[] = {1, 32768, 999999, 1000000, 10000000, 24000000, 1000000000};
    uint64_t random = 20260304;

    (void)state;
    for (unsigned run = 0; run < 7000; run++) {
        uint64_t ns;

        caps.timebase = timebases[run % ARRAY_SIZE(timebases)];
        random = random * 6364136223846793005UL + 1442695040888963407UL;
        ns = EPOCH + (random >> (20 + run % 40));
        vscsr_hart.time = 0;
        set_alarm(ns);
        if (get(RTC_ARMED, 4) == 0)
            continue; /* it was for now */
        vscsr_hart.time = deadline();
        assert_true(vscsr_hart.time > 0);
        vm_service_due(&vm->vcpus[0], vscsr_hart.time);
        assert_int_equal(get(RTC_ARMED, 4), 0);
        assert_true(wall_time() - ns <= 2 * (1000000000UL / caps.timebase + 1));
    }
}

static void a_late_look_is_no_harm(void **state)
{
    (void)state;
    listen_to(BOARD_RTC_IRQ, 0);
    set_alarm(EPOCH + 5000 * 1000);
    vscsr_hart.time = 1000000;
    vm_service_due(&vm->vcpus[0], vscsr_hart.time);
    assert_true(is_interrupted());
}

/* The guest put it off while the old deadline was about to be served. */
static void an_early_look_asks_again(void **state)
{
    (void)state;
    set_alarm(EPOCH + 9000 * 1000);
    vm->vcpus[0].device_deadline = 2000;
    vscsr_hart.time = 2000;
    vm_service_due(&vm->vcpus[0], vscsr_hart.time);
    assert_in_range(deadline(), 9000, 9001);
    assert_int_equal(get(RTC_ARMED, 4), 1);
}

static void an_alarm_of_the_past_fires_at_once(void **state)
{
    (void)state;
    listen_to(BOARD_RTC_IRQ, 0);
    set_alarm(EPOCH - 1);
    assert_true(is_interrupted());
    assert_int_equal(deadline(), UINT64_MAX);
}

static void a_cleared_alarm_is_no_deadline(void **state)
{
    (void)state;
    set_alarm(EPOCH + 9000 * 1000);
    put(RTC_CLEAR_ALARM, 4, 1);
    assert_int_equal(deadline(), UINT64_MAX);
    set_alarm(UINT64_MAX); /* in five centuries */
    assert_true(deadline() > 1000000UL * 86400 * 365 * 100);
}

static size_t save(uint8_t *buffer, size_t size)
{
    struct archive archive;

    archive_init_writer(&archive, buffer, size);
    bus_archive(&vm->bus, &archive);
    assert_int_equal(archive.error, 0);
    return archive.position;
}

static int restore(const uint8_t *buffer, size_t size)
{
    struct archive archive;

    archive_init_reader(&archive, buffer, size);
    bus_archive(&vm->bus, &archive);
    return archive.error;
}

/* Into another VM of the same shape: its registers, its input, its alarm. */
static void the_devices_move_to_another_vm(void **state)
{
    static uint8_t buffer[16384], again[16384];
    size_t size;

    (void)state;
    put(BOARD_UART_BASE + UART_FCR, 1, 1);
    put(BOARD_UART_BASE + UART_SCR, 1, 0x5a);
    type("input");
    listen_to(BOARD_RTC_IRQ, 0);
    set_alarm(EPOCH + 9000 * 1000);
    size = save(buffer, sizeof(buffer));

    vm = machine_add("copy", BOARD_VCPUS, &home);
    vm->backs.epoch_ns = EPOCH;
    vm->vcpus[0].requests = 0;
    assert_int_equal(restore(buffer, size), 0);
    assert_int_equal(save(again, sizeof(again)), size);
    assert_memory_equal(buffer, again, size);
    assert_int_equal(get(BOARD_UART_BASE + UART_SCR, 1), 0x5a);
    for (const char *text = "input"; *text; text++)
        assert_int_equal(get(BOARD_UART_BASE, 1), *text);
    assert_in_range(deadline(), 9000, 9001);
    vscsr_hart.time = deadline();
    vm_service_due(&vm->vcpus[0], vscsr_hart.time);
    assert_true(is_interrupted());
}

static void a_board_of_another_shape_is_refused(void **state)
{
    static uint8_t buffer[16384];
    size_t size = save(buffer, sizeof(buffer));

    (void)state;
    vm = machine_add("other", BOARD_VCPUS + 1, &home);
    assert_int_equal(restore(buffer, size), ERR_CORRUPT);
    vm = machine_add("same", BOARD_VCPUS, &home);
    assert_int_equal(restore(buffer, size - 1), ERR_CORRUPT);
    assert_int_equal(restore(buffer, size), 0);
}

#define CLOCK_TEST(test) cmocka_unit_test_setup_teardown(test, clock_setup, machine_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLOCK_TEST(ticks_are_wall_time),
        CLOCK_TEST(an_alarm_is_a_deadline),
        CLOCK_TEST(no_alarm_is_early_or_late),
        CLOCK_TEST(a_late_look_is_no_harm),
        CLOCK_TEST(an_early_look_asks_again),
        CLOCK_TEST(an_alarm_of_the_past_fires_at_once),
        CLOCK_TEST(a_cleared_alarm_is_no_deadline),
        CLOCK_TEST(the_devices_move_to_another_vm),
        CLOCK_TEST(a_board_of_another_shape_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
