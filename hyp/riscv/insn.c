/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decoder of guest instructions. It tells what an instruction moves and not where: the
 * address stands in the trap, so immediates and base registers are never looked at. The tables
 * are indexed by the manual's function fields; a place without a row is a reserved encoding or
 * nothing that we emulate, INSN_OTHER. The caller is an exit handler, which does the move.
 */
#include "riscv/insn.h"

#include "lib/bits.h"

/* Fields of 32-bit instructions. Unpriv 2.2 (Base Instruction Formats) */
#define FUNCT12  BITS(31, 20) /* the number of a CSR */
#define FUNCT5   BITS(31, 27) /* what an AMO does */
#define RS2      BITS(24, 20)
#define RS1      BITS(19, 15)
#define FUNCT3   BITS(14, 12)
#define RD       BITS(11, 7)
#define OPCODE   BITS(6, 0)
#define QUADRANT BITS(1, 0) /* 3: the instruction has 32 bits */

/* Parts of funct3 of the CSR instructions. Unpriv, "Zicsr" (CSR Instructions) */
#define CSR_IMMEDIATE BIT(14)
#define CSR_OP        BITS(13, 12) /* 0: no CSR instruction; else as enum insn_csr_op, plus 1 */

/* Fields of compressed instructions. Unpriv, "C" (Compressed Instruction Formats) */
#define C_FUNCT3    BITS(15, 13)
#define C_IS_STORE  BIT(15)
#define C_RD        BITS(11, 7)
#define C_RS2       BITS(6, 2)
#define C_SHORT_REG BITS(4, 2) /* rd' of loads, rs2' of stores: counts from x8 or f8 */

/* Zcb loads and stores. Unpriv, "Zc*" (Zcb) */
#define C_FUNCT3_ZCB 4
#define ZCB_FUNCT    BITS(12, 10)
#define ZCB_IS_LH    BIT(6) /* where ZCB_FUNCT is that of c.lhu and c.lh; reserved for c.sh */

enum opcode {
    OPCODE_LOAD = 0x03,
    OPCODE_LOAD_FP = 0x07,
    OPCODE_STORE = 0x23,
    OPCODE_STORE_FP = 0x27,
    OPCODE_AMO = 0x2f,
    OPCODE_SYSTEM = 0x73,
};

#define WORD_SRET    0x10200073U
#define WORD_WFI     0x10500073U
#define WORD_WRS_NTO 0x00d00073U

/* Values of htinst for reads and writes of VS-stage tables, with VSXLEN 32 and 64. */
enum walk {
    WALK_READ_32 = 0x2000,
    WALK_WRITE_32 = 0x2020,
    WALK_READ_64 = 0x3000,
    WALK_WRITE_64 = 0x3020,
};

struct access {
    uint8_t kind; /* enum insn_kind */
    uint8_t width;
    bool is_signed;
};

static const struct access loads[8] = {
    [0] = {INSN_LOAD, 1, true},  /* lb */
    [1] = {INSN_LOAD, 2, true},  /* lh */
    [2] = {INSN_LOAD, 4, true},  /* lw */
    [3] = {INSN_LOAD, 8, true},  /* ld */
    [4] = {INSN_LOAD, 1, false}, /* lbu */
    [5] = {INSN_LOAD, 2, false}, /* lhu */
    [6] = {INSN_LOAD, 4, false}, /* lwu */
};

static const struct access stores[8] = {
    [0] = {INSN_STORE, 1, false}, /* sb */
    [1] = {INSN_STORE, 2, false}, /* sh */
    [2] = {INSN_STORE, 4, false}, /* sw */
    [3] = {INSN_STORE, 8, false}, /* sd */
};

/* The other places of these two are vector loads and stores. */
static const struct access fp_loads[8] = {
    [1] = {INSN_FP_LOAD, 2, false},  /* flh */
    [2] = {INSN_FP_LOAD, 4, false},  /* flw */
    [3] = {INSN_FP_LOAD, 8, false},  /* fld */
    [4] = {INSN_FP_LOAD, 16, false}, /* flq */
};

static const struct access fp_stores[8] = {
    [1] = {INSN_FP_STORE, 2, false},  /* fsh */
    [2] = {INSN_FP_STORE, 4, false},  /* fsw */
    [3] = {INSN_FP_STORE, 8, false},  /* fsd */
    [4] = {INSN_FP_STORE, 16, false}, /* fsq */
};

/* By C_FUNCT3: in quadrant 0 the base is a register, in quadrant 2 it is sp. */
static const struct access c_accesses[8] = {
    [1] = {INSN_FP_LOAD, 8, false},  /* c.fld, c.fldsp */
    [2] = {INSN_LOAD, 4, true},      /* c.lw, c.lwsp */
    [3] = {INSN_LOAD, 8, true},      /* c.ld, c.ldsp */
    [5] = {INSN_FP_STORE, 8, false}, /* c.fsd, c.fsdsp */
    [6] = {INSN_STORE, 4, false},    /* c.sw, c.swsp */
    [7] = {INSN_STORE, 8, false},    /* c.sd, c.sdsp */
};

/* By ZCB_FUNCT. */
static const struct access zcb_accesses[8] = {
    [0] = {INSN_LOAD, 1, false},  /* c.lbu */
    [1] = {INSN_LOAD, 2, false},  /* c.lhu, c.lh */
    [2] = {INSN_STORE, 1, false}, /* c.sb */
    [3] = {INSN_STORE, 2, false}, /* c.sh */
};

/* Writes what the row says of the instruction; insn->length stays. */
static void set_access(struct insn *insn, const struct access *access, uint64_t reg)
{
    insn->kind = access->kind;
    insn->width = access->width;
    insn->is_signed = access->is_signed;
    insn->reg = reg;
}

static void decode_zcb(uint32_t word, struct insn *insn)
{
    set_access(insn, &zcb_accesses[field_get(ZCB_FUNCT, word)], 8 + field_get(C_SHORT_REG, word));
    if (insn->width == 2 && (word & ZCB_IS_LH)) {
        insn->is_signed = true;
        if (insn->kind == INSN_STORE)
            insn->kind = INSN_OTHER;
    }
}

static void decode_quadrant_0(uint32_t word, struct insn *insn)
{
    uint64_t funct3 = field_get(C_FUNCT3, word);

    if (funct3 == C_FUNCT3_ZCB)
        decode_zcb(word, insn);
    else
        set_access(insn, &c_accesses[funct3], 8 + field_get(C_SHORT_REG, word));
}

static void decode_quadrant_2(uint32_t word, struct insn *insn)
{
    uint64_t reg = field_get(word & C_IS_STORE ? C_RS2 : C_RD, word);

    set_access(insn, &c_accesses[field_get(C_FUNCT3, word)], reg);
    /* c.lwsp and c.ldsp to x0 are reserved. */
    if (insn->kind == INSN_LOAD && reg == 0)
        insn->kind = INSN_OTHER;
}

/* LR, SC and the nine AMOs of words and doublewords. Unpriv, "A" (Atomic Instructions) */
static bool is_atomic(uint32_t word)
{
    /* By funct5: add, swap, lr, sc, xor, or, and, min, max, minu, maxu. */
    const uint64_t known = BIT(0) | BIT(1) | BIT(2) | BIT(3) | BIT(4) | BIT(8) | BIT(12) | BIT(16) |
                           BIT(20) | BIT(24) | BIT(28);
    const uint64_t lr = 2;
    uint64_t funct5 = field_get(FUNCT5, word);
    uint64_t funct3 = field_get(FUNCT3, word);
    if (funct3 != 2 && funct3 != 3)
        return false;
    if (funct5 == lr && field_get(RS2, word) != 0)
        return false;
    return known & BIT(funct5);
}

static void decode_system(uint32_t word, struct insn *insn)
{
    if (word == WORD_WFI) {
        insn->kind = INSN_WFI;
    } else if (word == WORD_WRS_NTO) {
        insn->kind = INSN_WRS_NTO;
    } else if (word == WORD_SRET) {
        insn->kind = INSN_SRET;
    } else if (word & CSR_OP) {
        insn->kind = INSN_CSR;
        insn->reg = field_get(RD, word);
        insn->csr = field_get(FUNCT12, word);
        insn->csr_op = (enum insn_csr_op)(field_get(CSR_OP, word) - 1);
        insn->csr_is_immediate = word & CSR_IMMEDIATE;
        insn->csr_source = field_get(RS1, word);
    }
}

/* *insn is INSN_OTHER before. */
static void decode_full(uint32_t word, struct insn *insn)
{
    uint64_t funct3 = field_get(FUNCT3, word);

    switch (field_get(OPCODE, word)) {
    case OPCODE_LOAD:
        set_access(insn, &loads[funct3], field_get(RD, word));
        break;
    case OPCODE_STORE:
        set_access(insn, &stores[funct3], field_get(RS2, word));
        break;
    case OPCODE_LOAD_FP:
        set_access(insn, &fp_loads[funct3], field_get(RD, word));
        break;
    case OPCODE_STORE_FP:
        set_access(insn, &fp_stores[funct3], field_get(RS2, word));
        break;
    case OPCODE_AMO:
        if (is_atomic(word))
            insn->kind = INSN_AMO;
        break;
    case OPCODE_SYSTEM:
        decode_system(word, insn);
        break;
    default:
        break;
    }
}

struct insn insn_decode(uint32_t word)
{
    uint64_t quadrant = field_get(QUADRANT, word);
    struct insn insn = {.kind = INSN_OTHER, .length = quadrant == 3 ? 4 : 2};

    switch (quadrant) {
    case 0:
        decode_quadrant_0(word, &insn);
        break;
    case 1: /* no load or store is here */
        break;
    case 2:
        decode_quadrant_2(word, &insn);
        break;
    default:
        decode_full(word, &insn);
    }
    return insn;
}

bool insn_decode_htinst(uint64_t htinst, struct insn *insn)
{
    /* "software must also confirm that bits 63:32 ... are all zeros": Priv 21.6.3. */
    if (field_get(BITS(63, 32), htinst) != 0 || !(htinst & BIT(0)))
        return false;
    /* Bit 1 tells that the instruction was not compressed; here it always stands expanded. */
    *insn = (struct insn){.kind = INSN_OTHER, .length = htinst & BIT(1) ? 4 : 2};
    decode_full(htinst | BIT(1), insn);
    /* What accesses memory stands together in enum insn_kind. */
    return insn->kind >= INSN_LOAD && insn->kind <= INSN_AMO;
}

bool insn_htinst_is_walk(uint64_t htinst)
{
    return htinst == WALK_READ_64 || htinst == WALK_WRITE_64 || htinst == WALK_READ_32 ||
           htinst == WALK_WRITE_32;
}

bool insn_csr_writes(const struct insn *insn)
{
    return insn->csr_op == INSN_CSR_WRITE || insn->csr_source != 0;
}

uint64_t insn_extend(const struct insn *insn, uint64_t raw)
{
    if (insn->width >= sizeof(raw))
        return raw;
    uint64_t sign = BIT(8 * insn->width) / 2;
    raw &= BIT(8 * insn->width) - 1;
    return insn->is_signed ? (raw ^ sign) - sign : raw;
}
