/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPUs go offline and come back while threads compute on all of them (SBI HSM).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "duplicate.h"

#define THREADS 6
#define ROUNDS  3
#define MOST    4

static atomic_bool over;
static atomic_uint wrong;

/* A sum whose result is known, over and over. */
static void *worker(void *argument)
{
    (void)argument;
    while (!over) {
        volatile uint64_t sum = 0;

        for (unsigned i = 0; i <= 20000; i++)
            sum += i;
        if (sum != 200010000)
            wrong++;
    }
    return NULL;
}

static bool cpu_set_online(unsigned cpu, bool online)
{
    char path[64];
    FILE *file;
    bool done;

    snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
    file = fopen(path, "w");
    if (!file)
        return false;
    done = fputc(online ? '1' : '0', file) != EOF;
    return (fclose(file) == 0) && done;
}

static void online_print(void)
{
    char line[64] = "";
    FILE *file = fopen("/sys/devices/system/cpu/online", "r");

    if (file && fgets(line, sizeof(line), file))
        printf("online: %s", line);
    if (file)
        fclose(file);
}

static void cpu_cycle(unsigned cpu)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        bool off = cpu_set_online(cpu, false);

        if (round == 0)
            online_print();
        if (!off || !cpu_set_online(cpu, true))
            printf("cpu%u: refused\n", cpu);
    }
    check("it runs again", cpu_pin(cpu));
    cpu_pin(cpu == 0); /* away from the one that goes next */
}

void topic_hotplug(void)
{
    unsigned count = cpu_count() < MOST ? cpu_count() : MOST;
    pthread_t all[THREADS];

    if (count == 1) {
        printf("one CPU\n");
        return;
    }
    for (unsigned i = 0; i < THREADS; i++)
        pthread_create(&all[i], NULL, worker, NULL);
    for (unsigned cpu = 0; cpu < count; cpu++)
        cpu_cycle(cpu);
    over = true;
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(all[i], NULL);
    online_print();
    check("the threads computed right", wrong == 0);
}
