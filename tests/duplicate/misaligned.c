/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Misaligned loads and stores of every width, within a page and over the end of one; into a page
 * that is not there yet, and into one without rights.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "duplicate.h"
#include "fault.h"

#define PAGE 4096

#define LOAD(name)                                                                                 \
    static uint64_t run_##name(uint64_t place)                                                     \
    {                                                                                              \
        uint64_t value;                                                                            \
                                                                                                   \
        __asm__ volatile(#name " %0, 0(%1)" : "=r"(value) : "r"(place) : "memory");                \
        return value;                                                                              \
    }
#define STORE(name)                                                                                \
    static uint64_t run_##name(uint64_t place)                                                     \
    {                                                                                              \
        __asm__ volatile(#name " %0, 0(%1)" ::"r"(0xa1b2c3d4e5f60718), "r"(place) : "memory");     \
        return 0;                                                                                  \
    }
LOAD(lh)
LOAD(lhu)
LOAD(lw)
LOAD(lwu)
LOAD(ld)
STORE(sh)
STORE(sw)
STORE(sd)

static uint64_t run_fld(uint64_t place)
{
    uint64_t value;

    __asm__ volatile("fld ft0, 0(%1)\nfmv.x.d %0, ft0" : "=r"(value) : "r"(place) : "ft0");
    return value;
}

static uint64_t run_fsw(uint64_t place)
{
    __asm__ volatile("fmv.w.x ft0, %0\nfsw ft0, 0(%1)" ::"r"(0x11223344), "r"(place)
                     : "ft0", "memory");
    return 0;
}

static const struct {
    const char *name;
    uint64_t (*run)(uint64_t place);
} accesses[] = {
    {"lh", run_lh}, {"lhu", run_lhu}, {"lw", run_lw}, {"lwu", run_lwu}, {"ld", run_ld},
    {"sh", run_sh}, {"sw", run_sw},   {"sd", run_sd}, {"fld", run_fld}, {"fsw", run_fsw},
};

/* At each offset in the middle of a page, over the end of one, and into a page that is new. */
static void access_run(uint64_t (*run)(uint64_t place), uint8_t *pages)
{
    for (unsigned offset = 0; offset < 8; offset++) {
        uint64_t over = (uint64_t)pages + PAGE - offset;

        for (unsigned n = 0; n < 64; n++)
            pages[PAGE - 32 + n] = (uint8_t)(7 * n + 1);
        digest_word(run((uint64_t)pages + 256 + offset));
        digest_word(run(over));
        digest_bytes(pages, 2 * PAGE);
        madvise(pages + PAGE, PAGE, MADV_DONTNEED);
        digest_word(run(over));
        digest_bytes(pages + PAGE - 16, 32);
    }
}

void topic_misaligned(void)
{
    uint8_t *pages =
        mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fault_place("pages", pages, 3 * PAGE);
    mprotect(pages + 2 * PAGE, PAGE, PROT_NONE);
    for (unsigned i = 0; i < ARRAY_SIZE(accesses); i++) {
        access_run(accesses[i].run, pages);
        digest_print(accesses[i].name);
        fault_try("over the end of rights", accesses[i].run, (uint64_t)pages + 2 * PAGE - 1);
    }
}
