// SPDX-License-Identifier: BSD-2-Clause
/*
 * The goldfish real-time clock: nanoseconds since 1970, and an alarm on interrupt 11.
 */
#include "board/board.h"

#define RTC_TIME_LOW        (RTC_BASE + 0x00) /* reading it latches the high half */
#define RTC_TIME_HIGH       (RTC_BASE + 0x04)
#define RTC_ALARM_LOW       (RTC_BASE + 0x08) /* writing it arms the alarm */
#define RTC_ALARM_HIGH      (RTC_BASE + 0x0c)
#define RTC_IRQ_ENABLED     (RTC_BASE + 0x10)
#define RTC_CLEAR_ALARM     (RTC_BASE + 0x14)
#define RTC_ALARM_STATUS    (RTC_BASE + 0x18)
#define RTC_CLEAR_INTERRUPT (RTC_BASE + 0x1c)

#define SECOND    1000000000UL
#define YEAR_2020 (1577836800 * SECOND)
#define YEAR_2100 (4102444800 * SECOND)

static uint64_t rtc_now(void)
{
    uint64_t low = mmio_read(RTC_TIME_LOW);

    return (uint64_t)mmio_read(RTC_TIME_HIGH) << 32 | low;
}

static void alarm_set(uint64_t ns)
{
    mmio_write(RTC_ALARM_HIGH, (uint32_t)(ns >> 32));
    mmio_write(RTC_ALARM_LOW, (uint32_t)ns);
}

/* The alarm's interrupt comes and can be claimed; it is cleared. */
static bool alarm_comes(void)
{
    bool came = external_comes() && mmio_read(plic_claim()) == RTC_IRQ;

    mmio_write(RTC_CLEAR_INTERRUPT, 1);
    mmio_write(plic_claim(), RTC_IRQ);
    return came && external_stays_away();
}

static void check_time(void)
{
    uint64_t before = rtc_now(), first = before;
    bool backwards = false;

    tap_ok(first > YEAR_2020 && first < YEAR_2100, "the clock shows a year of this century");
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t now = rtc_now();

        backwards |= now < before;
        before = now;
    }
    tap_ok(!backwards, "it never goes backwards");
    tap_ok(WAIT_FOR(rtc_now() > first), "it advances");
}

static void check_arming(void)
{
    uint64_t alarm = rtc_now() + 3600 * SECOND;

    alarm_set(alarm);
    tap_ok(mmio_read(RTC_ALARM_STATUS) == 1 && mmio_read(RTC_ALARM_LOW) == (uint32_t)alarm &&
               mmio_read(RTC_ALARM_HIGH) == (uint32_t)(alarm >> 32),
           "an alarm is armed and can be read");
}

static void check_alarm(void)
{
    uint64_t alarm = rtc_now() + SECOND / 100;

    alarm_set(alarm);
    bool came = alarm_comes();

    tap_ok(came && rtc_now() >= alarm && mmio_read(RTC_ALARM_STATUS) == 0,
           "it interrupts, not before its time, and is disarmed then");
    alarm_set(1);
    tap_ok(alarm_comes(), "an alarm in the past interrupts at once");
}

/* Sets an alarm and clears it in time, which may take more than one attempt where the hart is
 * given to others. */
static void check_clearing(void)
{
    uint64_t alarm;

    do {
        alarm = rtc_now() + SECOND / 50;
        alarm_set(alarm);
        mmio_write(RTC_CLEAR_ALARM, 1);
        mmio_write(RTC_CLEAR_INTERRUPT, 1);
    } while (rtc_now() >= alarm);
    tap_ok(mmio_read(RTC_ALARM_STATUS) == 0 && WAIT_FOR(rtc_now() > alarm + SECOND / 1000) &&
               external_stays_away(),
           "an alarm that is cleared does not interrupt");
}

void rtc_test(void)
{
    check_time();
    plic_open(RTC_IRQ);
    mmio_write(RTC_IRQ_ENABLED, 1);
    check_arming();
    check_alarm();
    check_clearing();
    mmio_write(RTC_IRQ_ENABLED, 0);
    plic_close();
}
