/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the topics share: see duplicate.h. The digests are made by hyp/lib/sha256.c, which is
 * compiled for the guest as it is: integer code that both sides must compute alike.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "duplicate.h"
#include "lib/sha256.h"

#define BUFFER_SIZE  65536
#define SHOWN_BYTES  8
#define CPUINFO_SIZE 65536

static uint8_t buffer[BUFFER_SIZE];
static size_t used;

/* A full buffer is replaced by its own digest. */
static void buffer_fold(void)
{
    uint8_t digest[SHA256_SIZE];

    sha256_compute(buffer, used, digest);
    memcpy(buffer, digest, sizeof(digest));
    used = sizeof(digest);
}

void digest_bytes(const void *data, size_t size)
{
    const uint8_t *from = data;

    while (size) {
        size_t part = size < BUFFER_SIZE - used ? size : BUFFER_SIZE - used;

        memcpy(buffer + used, from, part);
        used += part;
        from += part;
        size -= part;
        if (used == BUFFER_SIZE)
            buffer_fold();
    }
}

void digest_word(uint64_t word)
{
    digest_bytes(&word, sizeof(word));
}

void digest_print(const char *label)
{
    buffer_fold();
    printf("%s: ", label);
    for (unsigned i = 0; i < SHOWN_BYTES; i++)
        printf("%02x", buffer[i]);
    printf("\n");
    used = 0;
}

void check(const char *label, bool good)
{
    printf("%s: %s\n", label, good ? "yes" : "NO");
}

/* Knuth's linear congruential generator; its low bits are poor, so the halves are swapped. */
uint64_t random_next(uint64_t *state)
{
    *state = *state * 6364136223846793005 + 1442695040888963407;
    return *state >> 32 | *state << 32;
}

unsigned cpu_count(void)
{
    return (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
}

bool cpu_pin(unsigned cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return sched_setaffinity(0, sizeof(set), &set) == 0;
}

/* The first "isa" line: "isa : rv64imafdc_zicsr_...". */
bool isa_has(const char *name)
{
    static char text[CPUINFO_SIZE];
    FILE *file = fopen("/proc/cpuinfo", "r");
    size_t size = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
    char *word;

    if (file)
        fclose(file);
    text[size] = '\0';
    word = strstr(text, "rv64");
    word = word ? strtok(word + strlen("rv64"), "_\n") : NULL;
    if (word && strlen(name) == 1)
        return strchr(word, name[0]);
    while (word && strcmp(word, name) != 0)
        word = strtok(NULL, "_\n");
    return word;
}

uint64_t nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
