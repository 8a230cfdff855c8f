// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random instructions: some from all 32 bits, more of those kinds that leave the hart's own
 * circle. A page of words is never looked at as a program: each stands for itself.
 */
#include "fuzz/fuzz.h"

#define OPCODE        BITS(6, 0)
#define FUNCT3        BITS(14, 12)
#define CSR           BITS(31, 20)
#define OPCODE_SYSTEM 0x73U
#define WORD_ECALL    0x00000073U

#define CSR_STVEC 0x105
#define CSR_SATP  0x180

static uint32_t with_opcode(uint32_t opcode)
{
    return ((uint32_t)random_u64() & ~0x7fU) | opcode;
}

/* Loads, stores, AMOs, of integer, floating-point and vector registers. */
static uint32_t memory_word(void)
{
    static const uint8_t opcodes[] = {0x03, 0x03, 0x03, 0x23, 0x23, 0x23, 0x2f, 0x07, 0x27};

    return with_opcode(opcodes[random_below(sizeof(opcodes))]);
}

/* Of each kind of CSR some: unprivileged, supervisor's, hypervisor's, its VS copies, machine's. */
static uint32_t csr_word(void)
{
    static const uint16_t firsts[] = {0x000, 0x008, 0xc00, 0xc80, 0x100, 0x140, 0x150, 0x180,
                                      0x200, 0x240, 0x280, 0x600, 0x640, 0x680, 0xda0, 0xe12,
                                      0x300, 0x340, 0x3a0, 0x5a8, 0x7a0, 0x7b0, 0xb00, 0xf11};
    uint64_t csr = firsts[random_below(ARRAY_SIZE(firsts))] + random_below(24);
    uint32_t word = (uint32_t)field_set(CSR, with_opcode(OPCODE_SYSTEM), csr);

    return random_one_in(2) ? word & ~0xf8000U : word; /* half of them without a source */
}

/* SRET, WFI, fences of all stages, WRS, the loads and stores of H, calls, breakpoints. */
static uint32_t system_word(void)
{
    static const uint32_t words[] = {
        0x10200073, 0x10500073, 0x30200073, 0x00200073, 0x00100073, 0x00d00073,
        0x01d00073, 0x12000073, 0x22000073, 0x62000073, 0x16000073, 0x26000073,
        0x66000073, 0x18000073, 0x18100073, 0x60004073, 0x68004073, 0x6c004073,
        0x60104073, 0x64304073, 0x68304073, 0x6e004073, 0x62004073, 0x00000073,
        0x0000100f, 0x0000000f, 0x0000200f, 0x0010200f, 0x0020200f, 0x0040200f,
    };
    uint32_t word = words[random_below(ARRAY_SIZE(words))];

    if (random_one_in(2))
        return word;
    return word ^ (uint32_t)(random_u64() & (BITS(24, 15) | BITS(11, 7))); /* other registers */
}

static uint32_t other_word(void)
{
    static const uint8_t opcodes[] = {0x63, 0x67, 0x6f, 0x57, 0x57, 0x53, 0x0f, 0x13, 0x33, 0x17};

    return with_opcode(opcodes[random_below(sizeof(opcodes))]);
}

static uint32_t any_word(void)
{
    switch (random_below(8)) {
    case 0:
    case 1:
        return (uint32_t)random_u64();
    case 2: /* compressed; what stands behind it is no part of it */
        return ((uint32_t)random_u64() & ~3U) | (uint32_t)random_below(3);
    case 3:
    case 4:
        return memory_word();
    case 5:
        return csr_word();
    case 6:
        return system_word();
    default:
        return other_word();
    }
}

/* A CSR instruction that may write. */
static bool writes(uint32_t word, uint64_t csr)
{
    return field_get(OPCODE, word) == OPCODE_SYSTEM && field_get(FUNCT3, word) % 4 != 0 &&
           field_get(CSR, word) == csr;
}

/* With these two gone, no kernel could go on; ECALL has a generator of its own. */
static bool is_kept_back(uint32_t word)
{
    return writes(word, CSR_STVEC) || writes(word, CSR_SATP) || word == WORD_ECALL;
}

uint32_t words_random(bool is_user)
{
    uint32_t word = any_word();

    while (!is_user && is_kept_back(word))
        word = any_word();
    return word;
}
