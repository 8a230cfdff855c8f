/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Patterns of mmap, mprotect, copy-on-write and huge pages: what memory holds afterwards, and the
 * rights it has. Faults for want of a right: fault.c.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "duplicate.h"

#define PAGE  4096ul
#define HUGE  (2ul << 20)
#define PAGES 256

static uint8_t *map(size_t size, int flags)
{
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

    return pages == MAP_FAILED ? NULL : pages;
}

static void fill(uint8_t *pages, size_t size, uint64_t seed)
{
    for (size_t i = 0; i < size; i += sizeof(uint64_t))
        *(uint64_t *)(pages + i) = random_next(&seed);
}

/*
 * Child and parent each write every second page of what they shared; prints both views, the
 * child's first, and neither before both have written.
 */
static void copy_on_write(const char *label, uint8_t *pages, size_t size)
{
    char text[64];
    int written[2];
    pid_t child;

    if (pipe(written) != 0)
        return;
    fflush(stdout); /* or the child would say it again */
    child = fork();
    for (size_t i = child ? 0 : PAGE; i < size; i += 2 * PAGE)
        memset(pages + i, child ? 'p' : 'c', PAGE / 2);
    if (child && write(written[1], "", 1) == 1)
        wait(NULL);
    else if (read(written[0], text, 1) != 1)
        _exit(1);
    close(written[0]);
    close(written[1]);
    digest_bytes(pages, size);
    snprintf(text, sizeof(text), "%s, %s", label, child ? "parent" : "child");
    digest_print(text);
    if (!child) {
        fflush(stdout);
        _exit(0);
    }
}

static void small_pages(void)
{
    uint8_t *pages = map(PAGES * PAGE, MAP_PRIVATE), *moved;

    fill(pages, PAGES * PAGE, 1);
    copy_on_write("copy on write", pages, PAGES * PAGE);
    for (size_t i = 0; i < PAGES; i += 3)
        madvise(pages + i * PAGE, PAGE, MADV_DONTNEED);
    digest_bytes(pages, PAGES * PAGE);
    digest_print("a third given back");
    for (size_t i = 0; i < PAGES; i++)
        mprotect(pages + i * PAGE, PAGE, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE);
    for (size_t i = 0; i < PAGES; i += 2)
        pages[i * PAGE] ^= 0xff;
    mprotect(pages, PAGES * PAGE, PROT_READ | PROT_WRITE);
    moved = mremap(pages, PAGES * PAGE, 2 * PAGES * PAGE, MREMAP_MAYMOVE);
    memcpy(moved + PAGES * PAGE, moved, PAGES * PAGE);
    digest_bytes(moved, 2 * PAGES * PAGE);
    digest_print("moved and grown");
    munmap(moved, 2 * PAGES * PAGE);
}

static void shared_pages(void)
{
    uint8_t *pages = map(64 * PAGE, MAP_SHARED);

    fill(pages, 64 * PAGE, 2);
    copy_on_write("shared", pages, 64 * PAGE);
    munmap(pages, 64 * PAGE);
}

/* Two mappings of one file, of which one is private. */
static void aliases(void)
{
    int file = memfd_create("twice", 0);
    uint8_t *first, *second, *own;

    if (ftruncate(file, 8 * PAGE) != 0)
        return;
    first = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    second = mmap(NULL, 8 * PAGE, PROT_READ, MAP_SHARED, file, 0);
    own = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    fill(first, 8 * PAGE, 3);
    own[0] ^= 1;
    first[0] ^= 2;
    first[PAGE] ^= 2;
    check("aliases agree", memcmp(first, second, 8 * PAGE) == 0);
    check("a private page differs", own[0] == (first[0] ^ 3) && own[PAGE] == first[PAGE]);
    close(file);
}

static void setting_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        printf("cannot write %s\n", path);
}

/* Kilobytes of huge pages in the mapping that begins at `base`. */
static unsigned long huge_of(const void *base)
{
    char line[256];
    unsigned long begin = 0, size = 0;
    bool found = false;
    FILE *file = fopen("/proc/self/smaps", "r");

    while (file && fgets(line, sizeof(line), file)) {
        unsigned long end;

        if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
            found = begin == (unsigned long)base;
        else if (found && sscanf(line, "AnonHugePages: %lu", &size) == 1)
            break;
    }
    if (file)
        fclose(file);
    return size;
}

static void huge_pages(void)
{
    uint8_t *room = map(5 * HUGE, MAP_PRIVATE), *pages;

    pages = (uint8_t *)(((uintptr_t)room + HUGE - 1) & ~(HUGE - 1));
    munmap(room, (size_t)(pages - room));
    munmap(pages + 4 * HUGE, (size_t)(room + HUGE - pages));
    /* A kernel with little memory has them off. */
    setting_write("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
    madvise(pages, 4 * HUGE, MADV_HUGEPAGE);
    fill(pages, 4 * HUGE, 4);
    printf("huge pages: %lu KiB\n", huge_of(pages));
    copy_on_write("huge, copy on write", pages, 4 * HUGE);
    mprotect(pages + PAGE, PAGE, PROT_READ);
    madvise(pages + HUGE + 5 * PAGE, 3 * PAGE, MADV_DONTNEED);
    munmap(pages + 2 * HUGE + 7 * PAGE, PAGE);
    digest_bytes(pages, 2 * HUGE + 7 * PAGE);
    digest_bytes(pages + 2 * HUGE + 8 * PAGE, 2 * HUGE - 8 * PAGE);
    digest_print("huge, split");
    munmap(pages, 4 * HUGE);
}

static void huge_tables(void)
{
    uint8_t *pages;

    setting_write("/proc/sys/vm/nr_hugepages", "4");
    pages = map(3 * HUGE, MAP_PRIVATE | MAP_HUGETLB);
    if (!pages) {
        printf("no MAP_HUGETLB\n");
        return;
    }
    fill(pages, 2 * HUGE, 5);
    copy_on_write("hugetlb", pages, HUGE);
    munmap(pages, 3 * HUGE);
}

/* More than fits into a few tables: one page touched in each 64 MiB of 8 GiB. */
static void sparse(void)
{
    size_t step = 64ul << 20, size = 8ul << 30;
    uint8_t *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (pages == MAP_FAILED) {
        printf("no 8 GiB of addresses\n");
        return;
    }
    for (size_t i = 0; i < size; i += step)
        *(size_t *)(pages + i) = i;
    for (size_t i = 0; i < size; i += step)
        digest_word(*(size_t *)(pages + i));
    digest_print("sparse");
    munmap(pages, size);
}

void topic_memory(void)
{
    small_pages();
    shared_pages();
    aliases();
    huge_pages();
    huge_tables();
    sparse();
}
