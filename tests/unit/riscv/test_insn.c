/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decoder. The words of the first table were made by riscv64-linux-gnu-as (binutils 2.40)
 * and named by its objdump, those of Zcb, which it does not know, by the manual's figures. Then
 * all 65536 compressed words are compared with a list of masks, and whole sets of 32-bit ones.
 */
#include "riscv/insn.h"

#include "lib/bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct access_row {
    const char *text;
    uint32_t word;
    enum insn_kind kind;
    uint8_t width;
    bool is_signed;
    uint8_t reg;
};

static const struct access_row accesses[] = {
    {"lb a0,-1(a1)", 0xfff58503, INSN_LOAD, 1, true, 10},
    {"lh s11,2047(zero)", 0x7ff01d83, INSN_LOAD, 2, true, 27},
    {"lw ra,4(t6)", 0x004fa083, INSN_LOAD, 4, true, 1},
    {"ld t6,8(sp)", 0x00813f83, INSN_LOAD, 8, true, 31},
    {"lbu zero,0(a0)", 0x00054003, INSN_LOAD, 1, false, 0},
    {"lhu t6,-2048(t5)", 0x800f5f83, INSN_LOAD, 2, false, 31},
    {"lwu a5,100(a6)", 0x06486783, INSN_LOAD, 4, false, 15},
    {"sb zero,1(sp)", 0x000100a3, INSN_STORE, 1, false, 0},
    {"sh t6,-2(gp)", 0xfff19f23, INSN_STORE, 2, false, 31},
    {"sw t0,2047(t1)", 0x7e532fa3, INSN_STORE, 4, false, 5},
    {"sd a7,-2048(s2)", 0x81193023, INSN_STORE, 8, false, 17},
    {"flh ft0,2(a0)", 0x00251007, INSN_FP_LOAD, 2, false, 0},
    {"flw ft11,4(a0)", 0x00452f87, INSN_FP_LOAD, 4, false, 31},
    {"fld fs0,8(a0)", 0x00853407, INSN_FP_LOAD, 8, false, 8},
    {"flq fa5,16(a0)", 0x01054787, INSN_FP_LOAD, 16, false, 15},
    {"fsh ft1,-2(a0)", 0xfe151f27, INSN_FP_STORE, 2, false, 1},
    {"fsw ft11,-4(a0)", 0xfff52e27, INSN_FP_STORE, 4, false, 31},
    {"fsd fa6,-8(a0)", 0xff053c27, INSN_FP_STORE, 8, false, 16},
    {"fsq ft2,-16(a0)", 0xfe254827, INSN_FP_STORE, 16, false, 2},
    {"c.lw a0,0(a1)", 0x4188, INSN_LOAD, 4, true, 10},
    {"c.lw s0,124(a5)", 0x5fe0, INSN_LOAD, 4, true, 8},
    {"c.ld a5,248(s0)", 0x7c7c, INSN_LOAD, 8, true, 15},
    {"c.sw s1,4(a0)", 0xc144, INSN_STORE, 4, false, 9},
    {"c.sd a4,8(a2)", 0xe618, INSN_STORE, 8, false, 14},
    {"c.fld fs0,0(a0)", 0x2100, INSN_FP_LOAD, 8, false, 8},
    {"c.fsd fa5,248(s1)", 0xbcfc, INSN_FP_STORE, 8, false, 15},
    {"c.lwsp ra,0(sp)", 0x4082, INSN_LOAD, 4, true, 1},
    {"c.lwsp t6,252(sp)", 0x5ffe, INSN_LOAD, 4, true, 31},
    {"c.ldsp a0,504(sp)", 0x757e, INSN_LOAD, 8, true, 10},
    {"c.swsp zero,4(sp)", 0xc202, INSN_STORE, 4, false, 0},
    {"c.sdsp t6,8(sp)", 0xe47e, INSN_STORE, 8, false, 31},
    {"c.fldsp ft0,0(sp)", 0x2002, INSN_FP_LOAD, 8, false, 0},
    {"c.fldsp ft11,504(sp)", 0x3ffe, INSN_FP_LOAD, 8, false, 31},
    {"c.fsdsp ft0,0(sp)", 0xa002, INSN_FP_STORE, 8, false, 0},
    {"c.fsdsp ft11,8(sp)", 0xa47e, INSN_FP_STORE, 8, false, 31},
    {"c.lbu a0,0(a1)", 0x8188, INSN_LOAD, 1, false, 10},
    {"c.lbu a5,3(s0)", 0x807c, INSN_LOAD, 1, false, 15},
    {"c.lhu a0,0(a1)", 0x8588, INSN_LOAD, 2, false, 10},
    {"c.lh a0,2(a1)", 0x85e8, INSN_LOAD, 2, true, 10},
    {"c.sb s0,1(a1)", 0x89c0, INSN_STORE, 1, false, 8},
    {"c.sh a5,2(s0)", 0x8c3c, INSN_STORE, 2, false, 15},
};

struct word_row {
    const char *text;
    uint32_t word;
};

static const struct word_row atomics[] = {
    {"lr.w a0,(a1)", 0x1005a52f},
    {"lr.d.aqrl a0,(a1)", 0x1605b52f},
    {"sc.w a0,a2,(a1)", 0x18c5a52f},
    {"sc.d.rl a0,a2,(a1)", 0x1ac5b52f},
    {"amoswap.w a0,a2,(a1)", 0x08c5a52f},
    {"amoadd.d a0,a2,(a1)", 0x00c5b52f},
    {"amoxor.w.aq a0,a2,(a1)", 0x24c5a52f},
    {"amoand.d a0,a2,(a1)", 0x60c5b52f},
    {"amoor.w a0,a2,(a1)", 0x40c5a52f},
    {"amomin.d a0,a2,(a1)", 0x80c5b52f},
    {"amomax.w a0,a2,(a1)", 0xa0c5a52f},
    {"amominu.d a0,a2,(a1)", 0xc0c5b52f},
    {"amomaxu.w.aqrl a0,a2,(a1)", 0xe6c5a52f},
};

static const struct word_row others[] = {
    {"mret", 0x30200073},
    {"ecall", 0x00000073},
    {"ebreak", 0x00100073},
    {"sfence.vma", 0x12000073},
    {"hlv.w a0,(a1)", 0x6805c573},
    {"hsv.d a0,(a1)", 0x6ea5c073},
    {"hlvx.hu a0,(a1)", 0x6435c573},
    {"hfence.gvma", 0x62000073},
    {"hfence.vvma", 0x22000073},
    {"sret with rd = 1", 0x102000f3},
    {"wfi with rs1 = 1", 0x10508073},
    {"fence.i", 0x0000100f},
    {"fence", 0x0ff0000f},
    {"addi a0,a0,1", 0x00150513},
    {"lui a0,0x12345", 0x12345537},
    {"jal ra,.", 0x000000ef},
    {"beq a0,a1,.", 0x00b50063},
    {"add a0,a1,a2", 0x00c58533},
    {"fadd.d ft0,ft1,ft2", 0x0220f053},
    {"fmadd.s ft0,ft1,ft2,ft3", 0x1820f043},
    {"lr.w with rs2 = 1", 0x1015a52f},
    {"amocas.w a0,a2,(a1)", 0x28c5a52f},
    {"amoadd.b a0,a2,(a1)", 0x00c5852f},
    {"amoadd.q a0,a2,(a1)", 0x00c5c52f},
    {"vle8.v v0,(a0)", 0x02050007},
    {"vse64.v v0,(a0)", 0x02057027},
    {"all ones", 0xffffffff},
    {"c.unimp", 0x0000},
    {"c.addi4spn a0,sp,16", 0x0808},
    {"c.li a0,1", 0x4505},
    {"c.j .", 0xa001},
    {"c.jr ra", 0x8082},
    {"c.mv a0,a1", 0x852e},
    {"c.add a0,a1", 0x952e},
    {"c.slli a0,3", 0x050e},
    {"c.ebreak", 0x9002},
    {"c.nop", 0x0001},
    {"c.lwsp zero,0(sp)", 0x4002},
    {"c.ldsp zero,0(sp)", 0x6002},
    {"c.sh with bit 6 set", 0x8dc8},
    {"Zcb, funct6 100100", 0x9188},
};

static void assert_access(const struct access_row *row, struct insn insn)
{
    if (insn.kind != row->kind || insn.width != row->width || insn.reg != row->reg ||
        insn.is_signed != row->is_signed)
        fail_msg("%s: kind %d width %u signed %d reg %u", row->text, (int)insn.kind, insn.width,
                 insn.is_signed, insn.reg);
}

static void loads_and_stores(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(accesses); i++) {
        struct insn insn = insn_decode(accesses[i].word);
        assert_access(&accesses[i], insn);
        assert_int_equal(insn.length, accesses[i].word > 0xffff ? 4 : 2);
    }
}

static void atomics_are_one_kind(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(atomics); i++) {
        struct insn insn = insn_decode(atomics[i].word);
        if (insn.kind != INSN_AMO || insn.length != 4)
            fail_msg("%s", atomics[i].text);
    }
}

static void the_rest_is_other(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(others); i++) {
        struct insn insn = insn_decode(others[i].word);
        if (insn.kind != INSN_OTHER || insn.length != ((others[i].word & 3) == 3 ? 4 : 2))
            fail_msg("%s: kind %d, length %u", others[i].text, (int)insn.kind, insn.length);
    }
}

static void wfi_and_sret(void **state)
{
    (void)state;
    assert_int_equal(insn_decode(0x10500073).kind, INSN_WFI);
    assert_int_equal(insn_decode(0x00d00073).kind, INSN_WRS_NTO);
    assert_int_equal(insn_decode(0x10200073).kind, INSN_SRET);
    assert_int_equal(insn_decode(0x10500073).length, 4);
}

static void csr_instructions(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t word;
        uint16_t csr;
        uint8_t reg;
        enum insn_csr_op op;
        bool is_immediate;
        uint8_t source;
        bool writes;
    } rows[] = {
        {"csrrw zero,satp,a0", 0x18051073, 0x180, 0, INSN_CSR_WRITE, false, 10, true},
        {"csrrw a0,sscratch,a0", 0x14051573, 0x140, 10, INSN_CSR_WRITE, false, 10, true},
        {"csrrw zero,satp,zero", 0x18001073, 0x180, 0, INSN_CSR_WRITE, false, 0, true},
        {"csrrs a1,sstatus,zero", 0x100025f3, 0x100, 11, INSN_CSR_SET, false, 0, false},
        {"csrrs zero,sie,t0", 0x1042a073, 0x104, 0, INSN_CSR_SET, false, 5, true},
        {"csrrc a2,time,t6", 0xc01fb673, 0xc01, 12, INSN_CSR_CLEAR, false, 31, true},
        {"csrrwi zero,stimecmp,31", 0x14dfd073, 0x14d, 0, INSN_CSR_WRITE, true, 31, true},
        {"csrrsi a3,sip,2", 0x144166f3, 0x144, 13, INSN_CSR_SET, true, 2, true},
        {"csrrci a4,0xfff,0", 0xfff07773, 0xfff, 14, INSN_CSR_CLEAR, true, 0, false},
    };
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        struct insn insn = insn_decode(rows[i].word);
        if (insn.kind != INSN_CSR || insn.length != 4 || insn.csr != rows[i].csr ||
            insn.reg != rows[i].reg || insn.csr_op != rows[i].op ||
            insn.csr_is_immediate != rows[i].is_immediate || insn.csr_source != rows[i].source ||
            insn_csr_writes(&insn) != rows[i].writes)
            fail_msg("%s", rows[i].text);
    }
}

/* The compressed loads and stores, as masks: what is in no row is INSN_OTHER. */
static const struct {
    uint16_t mask;
    uint16_t match;
    enum insn_kind kind;
    uint8_t width;
    bool is_signed;
    enum { SHORT, RD, RS2 } reg;
} masks[] = {
    {0xe003, 0x2000, INSN_FP_LOAD, 8, false, SHORT},  {0xe003, 0x4000, INSN_LOAD, 4, true, SHORT},
    {0xe003, 0x6000, INSN_LOAD, 8, true, SHORT},      {0xfc03, 0x8000, INSN_LOAD, 1, false, SHORT},
    {0xfc43, 0x8400, INSN_LOAD, 2, false, SHORT},     {0xfc43, 0x8440, INSN_LOAD, 2, true, SHORT},
    {0xfc03, 0x8800, INSN_STORE, 1, false, SHORT},    {0xfc43, 0x8c00, INSN_STORE, 2, false, SHORT},
    {0xe003, 0xa000, INSN_FP_STORE, 8, false, SHORT}, {0xe003, 0xc000, INSN_STORE, 4, false, SHORT},
    {0xe003, 0xe000, INSN_STORE, 8, false, SHORT},    {0xe003, 0x2002, INSN_FP_LOAD, 8, false, RD},
    {0xe003, 0x4002, INSN_LOAD, 4, true, RD},         {0xe003, 0x6002, INSN_LOAD, 8, true, RD},
    {0xe003, 0xa002, INSN_FP_STORE, 8, false, RS2},   {0xe003, 0xc002, INSN_STORE, 4, false, RS2},
    {0xe003, 0xe002, INSN_STORE, 8, false, RS2},
};

static struct access_row compressed_expected(uint32_t word)
{
    struct access_row row = {.text = "compressed", .word = word, .kind = INSN_OTHER};
    for (unsigned i = 0; i < ARRAY_SIZE(masks); i++) {
        if ((word & masks[i].mask) != masks[i].match)
            continue;
        row.kind = masks[i].kind;
        row.width = masks[i].width;
        row.is_signed = masks[i].is_signed;
        row.reg = masks[i].reg == SHORT ? 8 + (word >> 2) % 8
                  : masks[i].reg == RD  ? (word >> 7) % 32
                                        : (word >> 2) % 32;
        if (masks[i].reg == RD && row.kind == INSN_LOAD && row.reg == 0)
            row.kind = INSN_OTHER;
    }
    return row;
}

static void every_compressed_word(void **state)
{
    (void)state;
    unsigned found = 0;
    for (uint32_t word = 0; word < 0x10000; word++) {
        if ((word & 3) == 3)
            continue;
        struct access_row row = compressed_expected(word);
        /* What stands in bits 31:16 is the next instruction. */
        struct insn insn = insn_decode(word | (word * 0x9e3779b1 & 0xffff0000));
        assert_int_equal(insn.length, 2);
        assert_int_equal(insn.kind, row.kind);
        if (row.kind == INSN_OTHER)
            continue;
        assert_access(&row, insn);
        found++;
    }
    /* 12 of 2048 words, less the 2 * 64 with rd = 0; Zcb has 2 * 256 and 3 * 128. */
    assert_int_equal(found, 12 * 2048 - 128 + 512 + 384);
}

/* Every funct3 of the four opcodes, with every register, and noise in the other fields. */
static void every_function_of_loads_and_stores(void **state)
{
    (void)state;
    static const struct {
        uint32_t opcode;
        enum insn_kind kind;
        unsigned reg_bit;
        uint8_t widths[8];
        uint8_t signs; /* bit n: funct3 n sign-extends */
    } rows[] = {
        {0x03, INSN_LOAD, 7, {1, 2, 4, 8, 1, 2, 4, 0}, 0x0f},
        {0x07, INSN_FP_LOAD, 7, {0, 2, 4, 8, 16, 0, 0, 0}, 0},
        {0x23, INSN_STORE, 20, {1, 2, 4, 8, 0, 0, 0, 0}, 0},
        {0x27, INSN_FP_STORE, 20, {0, 2, 4, 8, 16, 0, 0, 0}, 0},
    };
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        for (uint32_t n = 0; n < 8 * 32; n++) {
            unsigned funct3 = n % 8, reg = n / 8;
            uint32_t noise = (n * 0x9e3779b1) & ~(0x707fU | 31U << rows[i].reg_bit);
            struct access_row row = {"32 bits",
                                     noise | rows[i].opcode | funct3 << 12 |
                                         (uint32_t)reg << rows[i].reg_bit,
                                     rows[i].widths[funct3] ? rows[i].kind : INSN_OTHER,
                                     rows[i].widths[funct3],
                                     (rows[i].signs >> funct3) & 1,
                                     reg};
            assert_access(&row, insn_decode(row.word));
            assert_int_equal(insn_decode(row.word).length, 4);
        }
    }
}

static void no_other_opcode_decodes(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 0x400000; n++) {
        uint32_t word = (n * 0x9e3779b1) | 3;
        uint32_t opcode = word & 0x7f;
        enum insn_kind kind = insn_decode(word).kind;
        if (opcode == 0x03)
            assert_true(kind == INSN_LOAD || kind == INSN_OTHER);
        else if (opcode == 0x23)
            assert_true(kind == INSN_STORE || kind == INSN_OTHER);
        else if (opcode != 0x07 && opcode != 0x27 && opcode != 0x2f && opcode != 0x73)
            assert_int_equal(kind, INSN_OTHER);
    }
}

/* What hardware makes of a load or store: no immediate, an offset in place of rs1. */
static uint32_t transformed(uint32_t word)
{
    uint32_t kept = (word & 0x20) ? 0x01f0707f : 0x00007fff;
    return (word & kept) | 5U << 15;
}

static void htinst_of_loads_and_stores(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(accesses); i++) {
        if (accesses[i].word <= 0xffff)
            continue;
        struct insn insn = {.kind = INSN_OTHER};
        uint64_t htinst = transformed(accesses[i].word);
        assert_true(insn_decode_htinst(htinst, &insn));
        assert_access(&accesses[i], insn);
        assert_int_equal(insn.length, 4);
        /* Bit 1 clear: the same, expanded from a compressed instruction. */
        assert_true(insn_decode_htinst(htinst & ~(uint64_t)2, &insn));
        assert_access(&accesses[i], insn);
        assert_int_equal(insn.length, 2);
        assert_false(insn_htinst_is_walk(htinst));
        assert_false(insn_htinst_is_walk(htinst & ~(uint64_t)2));
    }
}

static void htinst_of_atomics(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ARRAY_SIZE(atomics); i++) {
        struct insn insn;
        uint32_t htinst = (atomics[i].word & ~(31U << 15)) | 3U << 15;
        assert_true(insn_decode_htinst(htinst, &insn));
        assert_int_equal(insn.kind, INSN_AMO);
        assert_int_equal(insn.length, 4);
    }
}

static void htinst_that_says_nothing(void **state)
{
    (void)state;
    static const uint64_t values[] = {
        0,
        0x2000, /* the pseudoinstructions */
        0x2020,
        0x3000,
        0x3020,
        0x00003503 | BIT(32), /* ld, but for bits 63:32 */
        0x00003503 | BIT(63),
        0x00007503, /* reserved: load with funct3 7 */
        0x00004023, /* reserved: store with funct3 4 */
        0x0000350b, /* custom-0 */
        0x00003509, /* custom-0, bit 1 clear */
        0x00003502, /* bits 1:0 are 10 */
        0x00003500,
        0x6805c573, /* hlv.w: the manual transforms it, but we do not emulate it */
        0x10500073, /* wfi */
        0x18051073, /* csrrw */
        0x00150513, /* addi */
        0x2805252f, /* amocas.w: not in RV64GC */
        UINT64_MAX,
    };
    for (unsigned i = 0; i < ARRAY_SIZE(values); i++) {
        struct insn insn;
        assert_false(insn_decode_htinst(values[i], &insn));
    }
}

static void htinst_of_table_walks(void **state)
{
    (void)state;
    assert_true(insn_htinst_is_walk(0x3000));
    assert_true(insn_htinst_is_walk(0x3020));
    assert_true(insn_htinst_is_walk(0x2000));
    assert_true(insn_htinst_is_walk(0x2020));
    assert_false(insn_htinst_is_walk(0));
    assert_false(insn_htinst_is_walk(0x3003));
    assert_false(insn_htinst_is_walk(0x3023));
    assert_false(insn_htinst_is_walk(0x1000));
    assert_false(insn_htinst_is_walk(0x3000 | BIT(32)));
    assert_false(insn_htinst_is_walk(UINT64_MAX));
}

static void values_are_extended(void **state)
{
    (void)state;
    static const struct {
        uint8_t width;
        bool is_signed;
        uint64_t raw, expected;
    } rows[] = {
        {1, true, 0x7f, 0x7f},
        {1, true, 0x80, 0xffffffffffffff80},
        {1, false, 0x80, 0x80},
        {1, true, 0x1234567f, 0x7f},
        {1, false, 0xffffffffffffffff, 0xff},
        {2, true, 0x8000, 0xffffffffffff8000},
        {2, true, 0x18000, 0xffffffffffff8000},
        {2, false, 0x18000, 0x8000},
        {4, true, 0x80000000, 0xffffffff80000000},
        {4, true, 0x7fffffff, 0x7fffffff},
        {4, false, 0xffffffff80000000, 0x80000000},
        {8, true, 0x8000000000000001, 0x8000000000000001},
        {8, false, 0x8000000000000001, 0x8000000000000001},
        {16, false, 0x8000000000000001, 0x8000000000000001},
        {0, true, 0xffffffffffffffff, 0}, /* no load has it; but nothing may break */
    };
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        struct insn insn = {.kind = INSN_LOAD,
                            .width = rows[i].width,
                            .is_signed = rows[i].is_signed};
        assert_int_equal(insn_extend(&insn, rows[i].raw), rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_and_stores),
        cmocka_unit_test(atomics_are_one_kind),
        cmocka_unit_test(the_rest_is_other),
        cmocka_unit_test(wfi_and_sret),
        cmocka_unit_test(csr_instructions),
        cmocka_unit_test(every_compressed_word),
        cmocka_unit_test(every_function_of_loads_and_stores),
        cmocka_unit_test(no_other_opcode_decodes),
        cmocka_unit_test(htinst_of_loads_and_stores),
        cmocka_unit_test(htinst_of_atomics),
        cmocka_unit_test(htinst_that_says_nothing),
        cmocka_unit_test(htinst_of_table_walks),
        cmocka_unit_test(values_are_extended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
