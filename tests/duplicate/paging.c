/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The size of the address space: how far up user space can map, in Sv39, Sv48 and Sv57 (which the
 * words no4lvl and no5lvl on the kernel's command line choose between).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "duplicate.h"

#define PAGE 4096

static void mode_print(void)
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");

    while (file && fgets(line, sizeof(line), file)) {
        if (strncmp(line, "mmu", 3) == 0) {
            fputs(line, stdout);
            break;
        }
    }
    if (file)
        fclose(file);
}

/* A page right below 2^bits; it is written, read and given back. */
static void page_below(unsigned bits)
{
    uint64_t address = (1ul << bits) - 2 * PAGE;
    volatile uint64_t *page;

    page = mmap((void *)address, PAGE, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (page == MAP_FAILED) {
        printf("below 2^%u: %s\n", bits, strerrorname_np(errno));
        return;
    }
    *page = address;
    printf("below 2^%u: %s\n", bits, *page == address ? "works" : "WRONG");
    munmap((void *)page, PAGE);
}

/* Where the kernel puts what gets a hint this high: the highest bit of the address. */
static void hint(unsigned bits)
{
    void *page = mmap((void *)(1ul << bits), PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    printf("hint 2^%u: bit %d\n", bits, page == MAP_FAILED ? -1 : 63 - __builtin_clzl((long)page));
}

void topic_paging(void)
{
    mode_print();
    for (unsigned bits = 32; bits < 60; bits++)
        page_below(bits);
    hint(37);
    hint(46);
    hint(55);
}
