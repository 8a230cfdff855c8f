/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: the instruction decoder, against a second one that is written another way: a list
 * of masks and matches from the manual's instruction listings (Unpriv, "RV32/64G Instruction Set
 * Listings"; "C"; "Zc*"), looked through from top to bottom.
 */
#include "riscv/insn.h"
#include "fuzz/fuzz.h"
#include "lib/bits.h"

/* Where an instruction's register stands. */
enum place { IN_RD, IN_RS2, IN_C_SHORT, IN_C_RD, IN_C_RS2, NOWHERE };

struct form {
    uint32_t mask, match;
    enum insn_kind kind;
    unsigned width;
    bool is_signed;
    enum place place;
};

static const struct form forms[] = {
    {0x707f, 0x0003, INSN_LOAD, 1, true, IN_RD},
    {0x707f, 0x1003, INSN_LOAD, 2, true, IN_RD},
    {0x707f, 0x2003, INSN_LOAD, 4, true, IN_RD},
    {0x707f, 0x3003, INSN_LOAD, 8, true, IN_RD},
    {0x707f, 0x4003, INSN_LOAD, 1, false, IN_RD},
    {0x707f, 0x5003, INSN_LOAD, 2, false, IN_RD},
    {0x707f, 0x6003, INSN_LOAD, 4, false, IN_RD},
    {0x707f, 0x0023, INSN_STORE, 1, false, IN_RS2},
    {0x707f, 0x1023, INSN_STORE, 2, false, IN_RS2},
    {0x707f, 0x2023, INSN_STORE, 4, false, IN_RS2},
    {0x707f, 0x3023, INSN_STORE, 8, false, IN_RS2},
    {0x707f, 0x1007, INSN_FP_LOAD, 2, false, IN_RD},
    {0x707f, 0x2007, INSN_FP_LOAD, 4, false, IN_RD},
    {0x707f, 0x3007, INSN_FP_LOAD, 8, false, IN_RD},
    {0x707f, 0x4007, INSN_FP_LOAD, 16, false, IN_RD},
    {0x707f, 0x1027, INSN_FP_STORE, 2, false, IN_RS2},
    {0x707f, 0x2027, INSN_FP_STORE, 4, false, IN_RS2},
    {0x707f, 0x3027, INSN_FP_STORE, 8, false, IN_RS2},
    {0x707f, 0x4027, INSN_FP_STORE, 16, false, IN_RS2},
    /* lr; sc and amoswap to amomaxu, .w and .d in one row each. */
    {0xf9f0607f, 0x1000202f, INSN_AMO, 0, false, NOWHERE},
    {0xf800607f, 0x1800202f, INSN_AMO, 0, false, NOWHERE},
    {0xf800607f, 0x0800202f, INSN_AMO, 0, false, NOWHERE},
    {0x1800607f, 0x0000202f, INSN_AMO, 0, false, NOWHERE},
    {0xffffffff, 0x10500073, INSN_WFI, 0, false, NOWHERE},
    {0xffffffff, 0x00d00073, INSN_WRS_NTO, 0, false, NOWHERE},
    {0xffffffff, 0x10200073, INSN_SRET, 0, false, NOWHERE},
    {0x307f, 0x1073, INSN_CSR, 0, false, IN_RD},
    {0x307f, 0x2073, INSN_CSR, 0, false, IN_RD},
    {0x307f, 0x3073, INSN_CSR, 0, false, IN_RD},
    /* Compressed, quadrant 0. */
    {0xe003, 0x2000, INSN_FP_LOAD, 8, false, IN_C_SHORT},
    {0xe003, 0x4000, INSN_LOAD, 4, true, IN_C_SHORT},
    {0xe003, 0x6000, INSN_LOAD, 8, true, IN_C_SHORT},
    {0xe003, 0xa000, INSN_FP_STORE, 8, false, IN_C_SHORT},
    {0xe003, 0xc000, INSN_STORE, 4, false, IN_C_SHORT},
    {0xe003, 0xe000, INSN_STORE, 8, false, IN_C_SHORT},
    {0xfc03, 0x8000, INSN_LOAD, 1, false, IN_C_SHORT},
    {0xfc43, 0x8400, INSN_LOAD, 2, false, IN_C_SHORT},
    {0xfc43, 0x8440, INSN_LOAD, 2, true, IN_C_SHORT},
    {0xfc03, 0x8800, INSN_STORE, 1, false, IN_C_SHORT},
    {0xfc43, 0x8c00, INSN_STORE, 2, false, IN_C_SHORT},
    /* Quadrant 2; the first two are reserved. */
    {0xef83, 0x4002, INSN_OTHER, 0, false, NOWHERE},
    {0xef83, 0x6002, INSN_OTHER, 0, false, NOWHERE},
    {0xe003, 0x2002, INSN_FP_LOAD, 8, false, IN_C_RD},
    {0xe003, 0x4002, INSN_LOAD, 4, true, IN_C_RD},
    {0xe003, 0x6002, INSN_LOAD, 8, true, IN_C_RD},
    {0xe003, 0xa002, INSN_FP_STORE, 8, false, IN_C_RS2},
    {0xe003, 0xc002, INSN_STORE, 4, false, IN_C_RS2},
    {0xe003, 0xe002, INSN_STORE, 8, false, IN_C_RS2},
};

static const struct form other = {.kind = INSN_OTHER, .place = NOWHERE};

static const struct form *find(uint32_t word)
{
    for (unsigned i = 0; i < ARRAY_SIZE(forms); i++) {
        if ((word & forms[i].mask) == forms[i].match)
            return &forms[i];
    }
    return &other;
}

static unsigned reg_of(const struct form *form, uint32_t word)
{
    switch (form->place) {
    case IN_RD:
    case IN_C_RD:
        return word >> 7 & 31;
    case IN_RS2:
        return word >> 20 & 31;
    case IN_C_SHORT:
        return 8 + (word >> 2 & 7);
    case IN_C_RS2:
        return word >> 2 & 31;
    default:
        return 0;
    }
}

static void check_same(const struct insn *insn, const struct form *form, uint32_t word)
{
    fuzz_claim(insn->kind == form->kind);
    if (form->place != NOWHERE)
        fuzz_claim(insn->reg == reg_of(form, word));
    if (form->width != 0) {
        fuzz_claim(insn->width == form->width);
        fuzz_claim(insn->kind != INSN_LOAD || insn->is_signed == form->is_signed);
    }
}

static void check_csr(const struct insn *insn, uint32_t word)
{
    unsigned funct3 = word >> 12 & 7;

    fuzz_claim(insn->csr == word >> 20);
    fuzz_claim(insn->csr_op == (enum insn_csr_op)(funct3 % 4 - 1));
    fuzz_claim(insn->csr_is_immediate == funct3 > 4);
    fuzz_claim(insn->csr_source == (word >> 15 & 31));
    fuzz_claim(insn_csr_writes(insn) == (funct3 % 4 == 1 || (word >> 15 & 31) != 0));
}

static void check_word(uint32_t word)
{
    bool is_full = (word & 3) == 3;
    struct insn insn = insn_decode(word);
    const struct form *form = find(is_full ? word : word & 0xffff);

    fuzz_claim(insn.length == (is_full ? 4 : 2));
    check_same(&insn, form, word);
    if (insn.kind == INSN_CSR)
        check_csr(&insn, word);
}

/* The hart stands in: it expands the instruction, puts the offset where rs1 was, and clears bit 1
 * if it was compressed. Priv 21.6.3 (Transformed Instruction or Pseudoinstruction). */
static void check_htinst(uint64_t htinst)
{
    struct insn insn;
    const struct form *form;

    if (!insn_decode_htinst(htinst, &insn))
        return;
    fuzz_claim(htinst >> 32 == 0 && (htinst & 1) && !insn_htinst_is_walk(htinst));
    fuzz_claim(insn.length == (htinst & 2 ? 4 : 2));
    form = find((uint32_t)htinst | 2);
    fuzz_claim(form->kind >= INSN_LOAD && form->kind <= INSN_AMO);
    check_same(&insn, form, (uint32_t)htinst | 2);
}

static void check_extend(struct insn insn, uint64_t raw)
{
    const int64_t as_signed[] = {(int8_t)raw, (int16_t)raw, (int32_t)raw, (int64_t)raw};
    const uint64_t as_unsigned[] = {(uint8_t)raw, (uint16_t)raw, (uint32_t)raw, raw};

    for (unsigned i = 0; i < 4; i++) {
        insn.width = (uint8_t)(1U << i);
        insn.is_signed = true;
        fuzz_claim(insn_extend(&insn, raw) == (uint64_t)as_signed[i]);
        insn.is_signed = false;
        fuzz_claim(insn_extend(&insn, raw) == as_unsigned[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t opcodes[] = {0x03, 0x07, 0x23, 0x27, 0x2f, 0x73};
    struct fuzz fuzz = {data, size};
    uint64_t bits = fuzz_take(&fuzz, 8);

    check_word((uint32_t)bits);
    check_word((uint32_t)(bits >> 16));
    check_htinst(bits);
    check_htinst((uint32_t)bits);
    check_extend((struct insn){0}, bits);
    /* With the opcodes that mean something, so that none of them is rare. */
    for (unsigned i = 0; i < ARRAY_SIZE(opcodes); i++) {
        check_word(((uint32_t)bits & ~127U) | opcodes[i]);
        check_htinst(((uint32_t)bits & ~127U) | opcodes[i]);
    }
    return 0;
}
