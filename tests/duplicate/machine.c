/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the machine says that it is: here the differences that are meant appear, one to a line so
 * that allow.list can name each.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "duplicate.h"

#define SYS_HWPROBE  258 /* Linux, arch/riscv: riscv_hwprobe */
#define HWPROBE_KEYS 12
#define HWPROBE_PERF 9 /* RISCV_HWPROBE_KEY_MISALIGNED_SCALAR_PERF */

struct hwprobe {
    int64_t key;
    uint64_t value;
};

/* The keys that the kernel does not know come back as -1. What it measured is not shown. */
static void hwprobe(void)
{
    for (int64_t key = 0; key < HWPROBE_KEYS; key++) {
        struct hwprobe pair = {.key = key};
        long result = syscall(SYS_HWPROBE, &pair, 1, 0, NULL, 0);
        bool measured = key == 5 || key == HWPROBE_PERF;

        if (result == 0 && measured)
            printf("hwprobe %ld: measured\n", key);
        else
            printf("hwprobe %ld: %ld, key %ld, %lx\n", key, result, pair.key, pair.value);
    }
}

static void vector_of_kernel(void)
{
    static const struct {
        const char *name;
        unsigned long type;
    } rows[] = {
        {"HWCAP", AT_HWCAP},     {"HWCAP2", AT_HWCAP2},     {"PAGESZ", AT_PAGESZ},
        {"CLKTCK", AT_CLKTCK},   {"SECURE", AT_SECURE},     {"MINSIGSTKSZ", AT_MINSIGSTKSZ},
        {"FLAGS", AT_FLAGS},     {"L1I", AT_L1I_CACHESIZE}, {"L1D", AT_L1D_CACHESIZE},
        {"L2", AT_L2_CACHESIZE},
    };

    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++)
        printf("AT_%s: %lx\n", rows[i].name, getauxval(rows[i].type));
    check("the vDSO is there", getauxval(AT_SYSINFO_EHDR) != 0);
}

/* "isa : rv64imafdc_zicsr": one extension to a line. */
static void isa_print(const char *key, char *text)
{
    char *word = strtok(text, "_\n");

    for (char *letter = word + strlen("rv64"); *letter; letter++)
        printf("%s %c\n", key, *letter);
    while ((word = strtok(NULL, "_\n")))
        printf("%s %s\n", key, word);
}

/*
 * All of /proc/cpuinfo, with both lists of extensions taken apart. Which hart is the first CPU is
 * left open: any hart of the board may win the firmware's race.
 */
static void cpuinfo(void)
{
    char line[4096];
    uint64_t harts = 0;
    FILE *file = fopen("/proc/cpuinfo", "r");

    while (file && fgets(line, sizeof(line), file)) {
        char *value = strstr(line, ": ");

        if (value && strncmp(line, "isa", 3) == 0)
            isa_print("isa", value + 2);
        else if (value && strncmp(line, "hart isa", 8) == 0)
            isa_print("hart isa", value + 2);
        else if (value && strncmp(line, "hart\t", 5) == 0)
            harts |= 1ul << strtoul(value + 2, NULL, 10) % 64;
        else
            fputs(line, stdout);
    }
    if (file)
        fclose(file);
    printf("harts: %lx\n", harts);
}

/* Where the devices and the memory lie; what Linux reserves in memory is its own choice. */
static void iomem(void)
{
    char line[256];
    FILE *file = fopen("/proc/iomem", "r");

    while (file && fgets(line, sizeof(line), file)) {
        if (!strstr(line, "Reserved") && !strstr(line, "Kernel"))
            fputs(line, stdout);
    }
    if (file)
        fclose(file);
}

void topic_machine(void)
{
    cpuinfo();
    hwprobe();
    vector_of_kernel();
    iomem();
}
