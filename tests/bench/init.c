// SPDX-License-Identifier: BSD-2-Clause
/*
 * The first and only program of a Linux that is measured: its /init. The kernel's command line
 * names the workloads, `bench=cpu,pipe`; they run in that order, each between two marks (bench.h).
 * With `paced=1` it also says on the console what begins or ends, and waits for a byte each time,
 * so that whoever measures can look at the clock meanwhile. Before each it sleeps for
 * `settle=N` milliseconds, while the kernel ends what it does behind a boot or a dead process.
 * When all are done it powers off.
 */
#include "bench.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static bool paced;

void need(int ok, const char *what)
{
    if (ok)
        return;
    printf("bench: failed: %s\n", what);
    fflush(stdout);
    tcdrain(STDOUT_FILENO);
    reboot(RB_POWER_OFF);
    _exit(1);
}

uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

void *memory_new(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    need(memory != MAP_FAILED, "mmap");
    return memory;
}

static void program_exec(char *const arguments[])
{
    int null = open("/dev/null", O_WRONLY);

    if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0)
        execv(arguments[0], arguments);
    _exit(127);
}

void program_run(char *const arguments[])
{
    int status;
    pid_t child = fork();

    if (child == 0)
        program_exec(arguments);
    need(child > 0 && waitpid(child, &status, 0) == child && status == 0, arguments[0]);
}

static void console_open(void)
{
    struct termios raw;
    int console;

    need(mount("dev", "/dev", "devtmpfs", 0, NULL) == 0, "mount /dev");
    console = open("/dev/console", O_RDWR);
    need(console >= 0, "open /dev/console");
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
        need(dup2(console, i) == i, "dup2");
    need(tcgetattr(console, &raw) == 0, "tcgetattr");
    cfmakeraw(&raw);
    need(tcsetattr(console, TCSANOW, &raw) == 0, "tcsetattr");
}

/* Says it, and waits until that has been read. */
static void pace(const char *what, const char *name)
{
    char byte;

    if (!paced)
        return;
    printf("bench: %s %s\n", what, name);
    fflush(stdout);
    need(read(STDIN_FILENO, &byte, 1) == 1, "read the console");
}

/* While the machine is idle. */
static void settle(void)
{
    const char *text = getenv("settle");
    long ms = text ? atol(text) : 0;
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    need(nanosleep(&time, NULL) == 0, "nanosleep");
}

/* In a process of its own: none finds memory or children that another left behind. */
static void workload_run(const struct workload *workload)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        if (workload->prepare)
            workload->prepare();
        settle();
        pace("begin", workload->name);
        MARK(MARK_BEGIN);
        workload->run();
        MARK(MARK_END);
        pace("end", workload->name);
        _exit(0);
    }
    need(child > 0 && waitpid(child, &status, 0) == child && status == 0, workload->name);
}

static const struct workload *workload_find(const char *name)
{
    const struct workload *tables[] = {workloads_user, workloads_memory, workloads_kernel};

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        for (const struct workload *workload = tables[i]; workload->name; workload++)
            if (strcmp(workload->name, name) == 0)
                return workload;
    return NULL;
}

/* Where stack and heap lie is chance, and how many page tables they take: not so from here on. */
static void chance_end(char **argv)
{
    need(personality(ADDR_NO_RANDOMIZE) >= 0, "personality");
    execv(argv[0], (char *[]){argv[0], "run", NULL});
    need(0, argv[0]);
}

static bool called_with(int argc, char **argv, const char *what)
{
    return argc == 2 && strcmp(argv[1], what) == 0;
}

int main(int argc, char **argv)
{
    const char *names;

    if (called_with(argc, argv, "exit"))
        return 0; /* as the workload `exec` starts us */
    if (!called_with(argc, argv, "run")) {
        MARK(MARK_INIT);
        chance_end(argv);
    }
    console_open();
    paced = getenv("paced");
    names = getenv("bench");
    pace("end", "boot");
    for (char *name = names ? strtok(strdup(names), ",") : NULL; name; name = strtok(NULL, ",")) {
        const struct workload *workload = workload_find(name);

        need(workload != NULL, name);
        workload_run(workload);
    }
    printf("bench: done\n");
    fflush(stdout);
    tcdrain(STDOUT_FILENO);
    reboot(RB_POWER_OFF);
}
