// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a machine finds when it begins: nothing of anybody else's.
 */
#include "hostile/hostile.h"

#include "lib/bootargs.h"

extern char guest_end[]; /* linker/guest.ld */

static void expect_zeros(uint64_t from, uint64_t to)
{
    for (uint64_t at = from; at < to; at += 8)
        if (!expect(*(const volatile uint64_t *)at == 0, "not empty: %lx", at))
            return;
}

/* All of RAM but the image and the device tree. */
void fresh_memory(void)
{
    uint64_t tree = (uint64_t)bootargs_tree;

    expect_zeros(RAM_BASE, RAM_BASE + 0x200000);
    expect_zeros((uint64_t)guest_end, tree);
    expect_zeros(align_up(tree + bootargs_tree_size(), 8), ram_end());
}

/* f0 to f31 by c.fsd-like stores: fsd fN, 0(a0). The image itself has not used them. */
void fresh_registers(void)
{
    static uint64_t word;

    csr_set(sstatus, SSTATUS_FS);
    for (uint32_t n = 0; n < 32; n++) {
        word = 1;
        insn_run(n << 20 | 0x00053027, (uint64_t)&word, 0);
        expect(word == 0, "f%u is %lx", n, word);
    }
}

/* CSRs of VS-mode begin as after a reset, whoever had the hart before. */
void fresh_csrs(void)
{
    static const uint16_t zeros[] = {0x10a, 0x141, 0x142, 0x143, 0x180, 0x144};

    for (unsigned i = 0; i < ARRAY_SIZE(zeros); i++) {
        struct trap_seen seen = insn_run(INSN_CSRR(zeros[i]), 0, 0);

        expect(seen.taken || seen.value == 0, "CSR %x is %lx", zeros[i], seen.value);
    }
}
