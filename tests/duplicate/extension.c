/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions of extensions beyond RV64GC, each where /proc/cpuinfo says that it is there: a
 * machine that lists what does not work would show it here.
 */
#include <stdio.h>
#include <string.h>

#include "duplicate.h"

#define CACHE_BLOCK 64
#define ROUNDS      1000

static void block_zero(void)
{
    static _Alignas(4096) uint8_t page[3 * CACHE_BLOCK];
    uint8_t zero[CACHE_BLOCK] = {0};

    memset(page, 0xff, sizeof(page));
    __asm__ volatile(
        ".option push\n.option arch, +zicboz\ncbo.zero (%0)\n.option pop" ::"r"(page + CACHE_BLOCK)
        : "memory");
    check("cbo.zero clears its block", memcmp(page + CACHE_BLOCK, zero, CACHE_BLOCK) == 0);
    check("and no other", page[CACHE_BLOCK - 1] == 0xff && page[2 * CACHE_BLOCK] == 0xff);
}

static void operation_run(const struct operation *operation, uint64_t state)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t a = random_next(&state), b = random_next(&state);

        digest_word(operation->run(a, b, 0, 0));
    }
    digest_print(operation->name);
}

void topic_extension(void)
{
    for (unsigned i = 0; extension_ops[i].run; i++) {
        if (isa_has(extension_ops[i].extension))
            operation_run(&extension_ops[i], i);
        else
            printf("%s: no %s\n", extension_ops[i].name, extension_ops[i].extension);
    }
    if (isa_has("zicboz"))
        block_zero();
    if (isa_has("zawrs")) {
        /* Without a reservation neither stalls. */
        __asm__ volatile(".insn 4, 0x00d00073"); /* wrs.nto */
        __asm__ volatile(".insn 4, 0x01d00073"); /* wrs.sto */
        printf("wrs.nto and wrs.sto end\n");
    }
}
