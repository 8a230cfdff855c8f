/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program `duplicate`: runs the topic named on its command line. `run` calls it, once for each
 * topic; reading begins here, then at the topic of interest.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <termios.h>
#include <unistd.h>

#include "duplicate.h"
#include "process.h"

#define BUFFER (1 << 20) /* more than a topic prints */

static const struct topic topics[] = {
    {"integer", topic_integer},
    {"extension", topic_extension},
    {"float", topic_float},
    {"vector", topic_vector},
    {"keep", topic_keep},
    {"fault", topic_fault},
    {"instruction", topic_instruction},
    {"process", topic_process},
    {"memory", topic_memory},
    {"code", topic_code},
    {"misaligned", topic_misaligned},
    {"timer", topic_timer},
    {"counter", topic_counter},
    {"lock", topic_lock},
    {"shootdown", topic_shootdown},
    {"machine", topic_machine},
    {"paging", topic_paging},
    {"hotplug", topic_hotplug},
    {"interrupt", topic_interrupt},
    {"console", topic_console},
};

/* Addresses are the same in each run, should a program's way depend on one. */
static void layout_fix(char **arguments)
{
    int now = personality(0xffffffff);

    if (now < 0 || now & ADDR_NO_RANDOMIZE)
        return;
    personality(now | ADDR_NO_RANDOMIZE);
    execv("/proc/self/exe", arguments);
}

/* While a topic runs the console is still: OpenSBI 1.6 speaks there at each illegal instruction,
 * and would do so in the midst of a line. Two topics are about the console itself. */
static void hush(const char *name)
{
    bool is_heard = strcmp(name, "console") == 0 || strcmp(name, "interrupt") == 0;

    tcdrain(STDOUT_FILENO);
    setvbuf(stdout, NULL, is_heard ? _IOLBF : _IOFBF, BUFFER);
}

int main(int count, char **arguments)
{
    const char *name = count > 1 ? arguments[1] : "";

    if (strcmp(name, PROCESS_CHILD) == 0)
        return process_child(count, arguments);
    layout_fix(arguments);
    hush(name);
    for (unsigned i = 0; i < ARRAY_SIZE(topics); i++) {
        if (strcmp(name, topics[i].name) == 0) {
            topics[i].run();
            return 0;
        }
    }
    printf("no such topic: %s\n", name);
    return 2;
}
