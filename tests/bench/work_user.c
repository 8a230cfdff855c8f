// SPDX-License-Identifier: BSD-2-Clause
/*
 * Workloads that compute, and the console: what a user of the machine waits for.
 */
#include "bench.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define CPU_ROUNDS    30000000
#define HASHED        (8 * MIB)
#define PACKED        (2 * MIB)
#define CONSOLE_LINES 250 /* ten times 2,000 characters */
#define CONSOLE_LINE  80

#define HASHED_FILE "/hashed"
#define PACKED_FILE "/packed"

static void cpu(void)
{
    uint64_t state = 1;

    for (int i = 0; i < CPU_ROUNDS; i++)
        random_next(&state);
    need(state != 0, "cpu");
}

/* Text of words from a small vocabulary: gzip finds something to do. */
static void file_make(const char *path, size_t size)
{
    FILE *file = fopen(path, "w");
    uint64_t state = 42;

    need(file != NULL, path);
    while ((size_t)ftell(file) < size)
        fprintf(file, "%x ", (unsigned)(random_next(&state) % 5000));
    need(fclose(file) == 0, path);
}

static void hash_prepare(void)
{
    file_make(HASHED_FILE, HASHED);
}

static void hash(void)
{
    program_run((char *[]){"/bin/busybox", "sha256sum", HASHED_FILE, NULL});
}

static void gzip_prepare(void)
{
    file_make(PACKED_FILE, PACKED);
}

static void gzip(void)
{
    program_run((char *[]){"/bin/busybox", "gzip", "-c", PACKED_FILE, NULL});
}

static void console(void)
{
    char line[CONSOLE_LINE];

    memset(line, '.', sizeof(line));
    line[CONSOLE_LINE - 1] = '\n';
    for (int i = 0; i < CONSOLE_LINES; i++)
        need(write(STDOUT_FILENO, line, sizeof(line)) == sizeof(line), "write to the console");
    need(tcdrain(STDOUT_FILENO) == 0, "tcdrain");
}

const struct workload workloads_user[] = {
    {"cpu", NULL, cpu},         {"hash", hash_prepare, hash}, {"gzip", gzip_prepare, gzip},
    {"console", NULL, console}, {NULL, NULL, NULL},
};
