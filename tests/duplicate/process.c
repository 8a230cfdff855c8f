/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Storms of fork and exec, pipes between processes, and deep families.
 */
#define _GNU_SOURCE
#include "process.h"

#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "duplicate.h"

#define FORKS     60
#define EXECS     12
#define DEPTH     20
#define THREADS   60
#define RING      6
#define RING_TURN 200

int process_child(int count, char **arguments)
{
    return count > 2 ? atoi(arguments[2]) * 3 % 256 : 255;
}

/* The sum of all children's statuses, each of which must have ended by itself. */
static unsigned long children_reap(void)
{
    unsigned long sum = 0;
    int status;

    while (wait(&status) > 0)
        sum += WIFEXITED(status) ? (unsigned long)WEXITSTATUS(status) : 1000000;
    return sum;
}

static void fork_storm(void)
{
    for (unsigned i = 0; i < FORKS; i++) {
        if (fork() == 0)
            _exit((int)(i % 256));
    }
    printf("%u forks: %lu\n", FORKS, children_reap());
}

static void exec_storm(void)
{
    char number[16], *arguments[] = {"duplicate", PROCESS_CHILD, number, NULL}, *none[] = {NULL};
    pid_t child;

    for (unsigned i = 0; i < EXECS; i++) {
        snprintf(number, sizeof(number), "%u", i);
        if (posix_spawn(&child, "/proc/self/exe", NULL, NULL, arguments, none) != 0)
            printf("no child %u\n", i);
    }
    printf("%u execs: %lu\n", EXECS, children_reap());
}

/* Each generation has changed its copy of the same memory. */
static unsigned long family(unsigned depth, unsigned long *sum)
{
    int ends[2];
    unsigned long result = 0;

    *sum += depth;
    if (depth == 0 || pipe(ends) != 0)
        return *sum;
    if (fork() == 0) {
        result = family(depth - 1, sum);
        _exit(write(ends[1], &result, sizeof(result)) != sizeof(result));
    }
    if (read(ends[0], &result, sizeof(result)) != sizeof(result))
        result = 0;
    close(ends[0]);
    close(ends[1]);
    wait(NULL);
    return result + *sum;
}

static void ring(void)
{
    int ends[RING][2];
    uint64_t word = 1;

    for (unsigned i = 0; i < RING; i++)
        if (pipe(ends[i]) != 0)
            return;
    for (unsigned i = 1; i < RING; i++) {
        if (fork() != 0)
            continue;
        for (unsigned turn = 0; turn < RING_TURN; turn++) {
            if (read(ends[i - 1][0], &word, sizeof(word)) != sizeof(word))
                _exit(1);
            word = word * 31 + i;
            if (write(ends[i][1], &word, sizeof(word)) != sizeof(word))
                _exit(1);
        }
        _exit(0);
    }
    for (unsigned turn = 0; turn < RING_TURN; turn++) {
        if (write(ends[0][1], &word, sizeof(word)) != sizeof(word) ||
            read(ends[RING - 1][0], &word, sizeof(word)) != sizeof(word))
            break;
    }
    printf("ring of %u: %016lx, %lu\n", RING, word, children_reap());
}

static void *thread(void *argument)
{
    return (void *)((uintptr_t)argument * 7);
}

static void threads(void)
{
    pthread_t all[THREADS];
    uintptr_t sum = 0;

    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&all[i], NULL, thread, (void *)i);
    for (unsigned i = 0; i < THREADS; i++) {
        void *result;

        pthread_join(all[i], &result);
        sum += (uintptr_t)result;
    }
    printf("%u threads: %lu\n", THREADS, sum);
}

static void killed(void)
{
    pid_t child = fork();
    int status;

    if (child == 0)
        for (;;)
            ;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    printf("killed while it computes: signal %d\n", WTERMSIG(status));
}

void topic_process(void)
{
    unsigned long sum = 0;

    fork_storm();
    exec_storm();
    printf("%u generations: %lu\n", DEPTH, family(DEPTH, &sum));
    ring();
    threads();
    killed();
}
