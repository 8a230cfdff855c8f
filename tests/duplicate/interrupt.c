/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /proc/interrupts is alive: each CPU gets timer interrupts, the UART interrupts when it speaks.
 * How many come is a matter of time and of the UART's FIFO; that they come is not.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "duplicate.h"

#define WAIT 3000000000ull /* nanoseconds */

/* The count in the line that ends in `name`, for that CPU; all of them for cpu -1. */
static unsigned long count_of(const char *name, int cpu)
{
    char line[1024];
    unsigned long sum = 0;
    FILE *file = fopen("/proc/interrupts", "r");

    while (file && fgets(line, sizeof(line), file)) {
        char *next = strchr(line, ':');

        if (!next || !strstr(line, name))
            continue;
        next++;
        for (int column = 0; column < (int)cpu_count(); column++) {
            unsigned long count = strtoul(next, &next, 10);

            sum += cpu < 0 || column == cpu ? count : 0;
        }
    }
    if (file)
        fclose(file);
    return sum;
}

static bool timer_comes(unsigned cpu)
{
    unsigned long begin = count_of("riscv-timer", (int)cpu);

    cpu_pin(cpu);
    for (uint64_t end = nanoseconds() + WAIT; nanoseconds() < end;) {
        if (count_of("riscv-timer", (int)cpu) > begin + 5)
            return true;
    }
    return false;
}

static bool uart_comes(void)
{
    unsigned long begin = count_of("ttyS0", -1);

    printf("a line that the UART must send\n");
    tcdrain(STDOUT_FILENO);
    for (uint64_t end = nanoseconds() + WAIT; nanoseconds() < end;) {
        if (count_of("ttyS0", -1) > begin)
            return true;
    }
    return false;
}

/* Sources only: "10: ... SiFive PLIC 10 Edge ttyS0" becomes "SiFive PLIC 10 Edge ttyS0". */
static void sources_print(void)
{
    char line[1024];
    FILE *file = fopen("/proc/interrupts", "r");

    while (file && fgets(line, sizeof(line), file)) {
        char *next = strchr(line, ':');

        for (unsigned i = 0; next && i < cpu_count(); i++)
            strtoul(next + (i == 0), &next, 10);
        if (next)
            fputs(next, stdout);
    }
    if (file)
        fclose(file);
}

void topic_interrupt(void)
{
    sources_print();
    for (unsigned cpu = 0; cpu < cpu_count(); cpu++)
        check("the CPU's timer comes", timer_comes(cpu));
    check("the UART's interrupts come", uart_comes());
}
