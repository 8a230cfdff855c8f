/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clocks and timers. Nothing may come early; how late is a matter of the host's load, so late means
 * a second here, which no machine of ours takes unless a wake-up was lost.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "duplicate.h"

#define MS   1000000ull
#define LATE (1000 * MS)

static volatile unsigned signals;

static void on_signal(int number)
{
    (void)number;
    signals++;
}

static void sleeps(void)
{
    static const uint64_t lengths[] = {1000, 50000, 500000, MS, 4 * MS, 10 * MS, 33 * MS};
    bool early = false, late = false;

    for (unsigned i = 0; i < 5 * ARRAY_SIZE(lengths); i++) {
        struct timespec length = {0, (long)lengths[i % ARRAY_SIZE(lengths)]};
        uint64_t begin = nanoseconds(), passed;

        nanosleep(&length, NULL);
        passed = nanoseconds() - begin;
        early |= passed < (uint64_t)length.tv_nsec;
        late |= passed > (uint64_t)length.tv_nsec + LATE;
    }
    check("nanosleep is never early", !early);
    check("nanosleep is never late", !late);
}

/* `count` expirations of a timer of 5 ms take that long, and not a second more. */
static void descriptor(void)
{
    struct itimerspec often = {{0, (long)(5 * MS)}, {0, (long)(5 * MS)}};
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    uint64_t begin = nanoseconds(), count = 0, more, passed;

    timerfd_settime(timer, 0, &often, NULL);
    while (count < 20 && read(timer, &more, sizeof(more)) == sizeof(more))
        count += more;
    passed = nanoseconds() - begin;
    check("timerfd keeps its period", passed >= count * 5 * MS && passed < count * 5 * MS + LATE);
    close(timer);
}

static void interval(const char *label, int which)
{
    struct itimerval often = {{0, 10000}, {0, 10000}}, never = {{0, 0}, {0, 0}};
    uint64_t end = nanoseconds() + 3000 * MS;

    signals = 0;
    setitimer(which, &often, NULL);
    while (signals < 8 && nanoseconds() < end)
        ;
    setitimer(which, &never, NULL);
    check(label, signals >= 8);
}

static void polls(void)
{
    uint64_t begin = nanoseconds();

    for (unsigned i = 0; i < 10; i++)
        poll(NULL, 0, 3);
    check("poll waits", nanoseconds() - begin >= 30 * MS);
}

static void clocks(void)
{
    static const clockid_t kinds[] = {CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME,
                                      CLOCK_REALTIME, CLOCK_PROCESS_CPUTIME_ID};
    bool back = false;
    struct timespec last, now;

    for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++) {
        clock_gettime(kinds[i], &last);
        for (unsigned n = 0; n < 2000; n++, last = now) {
            clock_gettime(kinds[i], &now);
            back |= now.tv_sec < last.tv_sec ||
                    (now.tv_sec == last.tv_sec && now.tv_nsec < last.tv_nsec);
        }
    }
    check("no clock goes back", !back);
    clock_getres(CLOCK_MONOTONIC, &now);
    printf("resolution: %ld ns\n", now.tv_nsec);
    clock_gettime(CLOCK_REALTIME, &now);
    check("the RTC knows the century", now.tv_sec > 1700000000 && now.tv_sec < 4102444800);
}

void topic_timer(void)
{
    signal(SIGALRM, on_signal);
    signal(SIGVTALRM, on_signal);
    signal(SIGPROF, on_signal);
    clocks();
    sleeps();
    descriptor();
    interval("ITIMER_REAL comes", ITIMER_REAL);
    interval("ITIMER_VIRTUAL comes", ITIMER_VIRTUAL);
    interval("ITIMER_PROF comes", ITIMER_PROF);
    polls();
}
