// SPDX-License-Identifier: BSD-2-Clause
/*
 * Workloads that are calls to the kernel: the shortest, two processes in turn, new processes,
 * new programs, timers and sleeps.
 */
#include "bench.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SYSCALLS 500000
#define PINGS    10000
#define FORKS    500
#define EXECS    200
#define TIMERS   50000
#define SLEEPS   1000
#define SLEEP_NS 500000L
#define TIMER_NS 1000000L /* before the kernel's next tick: the hart's timer is set each time */

static int ping[2], pong[2];
static timer_t timer;

static void getppid_calls(void)
{
    for (int i = 0; i < SYSCALLS; i++)
        syscall(SYS_getppid);
}

static void pong_serve(void)
{
    char byte;

    while (read(ping[0], &byte, 1) == 1 && write(pong[1], &byte, 1) == 1)
        continue;
    _exit(0);
}

/* The other side ends when we close ours. */
static void pipe_prepare(void)
{
    pid_t child;

    need(pipe(ping) == 0 && pipe(pong) == 0, "pipe");
    child = fork();
    need(child >= 0, "fork");
    if (child == 0) {
        close(ping[1]);
        pong_serve();
    }
}

static void pipe_pings(void)
{
    char byte = 0;

    for (int i = 0; i < PINGS; i++)
        need(write(ping[1], &byte, 1) == 1 && read(pong[0], &byte, 1) == 1, "pipe");
}

static void child_await(pid_t child)
{
    int status;

    need(child > 0 && waitpid(child, &status, 0) == child && status == 0, "child");
}

static void fork_exits(void)
{
    for (int i = 0; i < FORKS; i++) {
        pid_t child = fork();

        if (child == 0)
            _exit(0);
        child_await(child);
    }
}

static void fork_execs(void)
{
    for (int i = 0; i < EXECS; i++)
        program_run((char *[]){"/init", "exit", NULL});
}

static void timer_prepare(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};

    signal(SIGUSR1, SIG_IGN);
    need(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0, "timer_create");
}

static void timer_sets(void)
{
    struct itimerspec set = {.it_value = {.tv_nsec = TIMER_NS}}, none = {0};

    for (int i = 0; i < TIMERS; i++)
        need(timer_settime(timer, 0, &set, NULL) == 0, "timer_settime");
    need(timer_settime(timer, 0, &none, NULL) == 0, "timer_settime");
}

static void sleeps(void)
{
    struct timespec time = {.tv_nsec = SLEEP_NS};

    for (int i = 0; i < SLEEPS; i++)
        need(nanosleep(&time, NULL) == 0, "nanosleep");
}

const struct workload workloads_kernel[] = {
    {"syscall", NULL, getppid_calls},
    {"pipe", pipe_prepare, pipe_pings},
    {"fork", NULL, fork_exits},
    {"exec", NULL, fork_execs},
    {"timer", timer_prepare, timer_sets},
    {"sleep", NULL, sleeps},
    {NULL, NULL, NULL},
};
