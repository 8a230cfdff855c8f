/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Jumps and branches, whole and compressed. Their immediates are put together bit by bit, as the
 * manual's figures show them. Unpriv 2.5 (Control Transfer Instructions), "C" (Control Transfer
 * Instructions)
 */
#include "riscv/flow.h"

#include "lib/bits.h"
#include "riscv/insn.h"

#define OPCODE BITS(6, 0)
#define RD     BITS(11, 7)
#define FUNCT3 BITS(14, 12)
#define RS1    BITS(19, 15)
#define RS2    BITS(24, 20)
#define FUNCT5 BITS(31, 27)

enum opcode {
    OPCODE_AMO = 0x2f,
    OPCODE_BRANCH = 0x63,
    OPCODE_JALR = 0x67,
    OPCODE_JAL = 0x6f,
};

#define FUNCT5_LR 2
#define FUNCT5_SC 3

/* funct3 of branches: what is compared, and whether the answer is turned round. */
#define BRANCH_KIND BITS(14, 13)
#define BRANCH_NOT  BIT(12)
enum branch { BRANCH_EQUAL = 0, BRANCH_RESERVED = 1, BRANCH_LESS = 2, BRANCH_BELOW = 3 };

/* Compressed ones by quadrant and funct3. */
#define C_QUADRANT  BITS(1, 0)
#define C_FUNCT3    BITS(15, 13)
#define C_RS1       BITS(11, 7)
#define C_RS2       BITS(6, 2)
#define C_SHORT_RS1 BITS(9, 7)
#define C_LINKS     BIT(12)
#define C_J         5
#define C_BEQZ      6
#define C_BNEZ      7
#define C_JR        4 /* of quadrant 2; c.jalr, c.mv, c.add and c.ebreak too */

#define REG_LINK 1

/* A part of an immediate: bits of the instruction, and their place in the value. */
struct part {
    uint32_t from;
    uint32_t to;
};

static const struct part of_branch[] = {{BIT(31), BIT(12)},
                                        {BIT(7), BIT(11)},
                                        {BITS(30, 25), BITS(10, 5)},
                                        {BITS(11, 8), BITS(4, 1)}};
static const struct part of_jal[] = {{BIT(31), BIT(20)},
                                     {BITS(19, 12), BITS(19, 12)},
                                     {BIT(20), BIT(11)},
                                     {BITS(30, 21), BITS(10, 1)}};
static const struct part of_jalr[] = {{BITS(31, 20), BITS(11, 0)}};
static const struct part of_c_j[] = {{BIT(12), BIT(11)},        {BIT(11), BIT(4)},
                                     {BITS(10, 9), BITS(9, 8)}, {BIT(8), BIT(10)},
                                     {BIT(7), BIT(6)},          {BIT(6), BIT(7)},
                                     {BITS(5, 3), BITS(3, 1)},  {BIT(2), BIT(5)}};
static const struct part of_c_branch[] = {{BIT(12), BIT(8)},
                                          {BITS(11, 10), BITS(4, 3)},
                                          {BITS(6, 5), BITS(7, 6)},
                                          {BITS(4, 3), BITS(2, 1)},
                                          {BIT(2), BIT(5)}};

/* The immediate of `count` parts, whose sign is bit `sign`. */
static uint64_t gather(uint32_t word, const struct part *parts, unsigned count, unsigned sign)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < count; i++)
        value = field_set(parts[i].to, value, field_get(parts[i].from, word));
    return (value ^ BIT(sign)) - BIT(sign);
}

#define GATHER(word, parts, sign) gather(word, parts, ARRAY_SIZE(parts), sign)

bool flow_is_branch(uint32_t word, uint64_t pc, uint64_t *target)
{
    uint64_t quadrant = field_get(C_QUADRANT, word), c_funct3 = field_get(C_FUNCT3, word);

    if (quadrant == 1 && c_funct3 >= C_BEQZ) {
        *target = pc + GATHER(word, of_c_branch, 8);
        return true;
    }
    *target = pc + GATHER(word, of_branch, 12);
    return field_get(OPCODE, word) == OPCODE_BRANCH &&
           field_get(BRANCH_KIND, word) != BRANCH_RESERVED;
}

static bool is_taken(uint32_t word, const uint64_t x[32])
{
    uint64_t a = x[field_get(RS1, word)], b = x[field_get(RS2, word)];
    bool answer;

    if (field_get(C_QUADRANT, word) == 1) {
        a = x[8 + field_get(C_SHORT_RS1, word)];
        return field_get(C_FUNCT3, word) == C_BEQZ ? a == 0 : a != 0;
    }
    switch (field_get(BRANCH_KIND, word)) {
    case BRANCH_EQUAL:
        answer = a == b;
        break;
    case BRANCH_LESS:
        answer = (int64_t)a < (int64_t)b;
        break;
    default:
        answer = a < b;
        break;
    }
    return answer != !!(word & BRANCH_NOT);
}

static void jump(struct flow *flow, uint64_t target, uint64_t link)
{
    flow->kind = FLOW_JUMP;
    flow->target = target;
    flow->link = (uint8_t)link;
}

/* c.jr and c.jalr; with another rs2 it is c.mv or c.add, with rs1 = 0 c.ebreak or reserved. */
static void decode_quadrant_2(uint32_t word, const uint64_t x[32], struct flow *flow)
{
    uint64_t rs1 = field_get(C_RS1, word);

    if (field_get(C_FUNCT3, word) == C_JR && rs1 != 0 && field_get(C_RS2, word) == 0)
        jump(flow, x[rs1] & ~1UL, word & C_LINKS ? REG_LINK : 0);
}

static void decode_amo(uint32_t word, struct flow *flow)
{
    uint64_t what = field_get(FUNCT5, word);

    if (what == FUNCT5_LR)
        flow->kind = FLOW_LR;
    if (what == FUNCT5_SC)
        flow->kind = FLOW_SC;
}

static void decode_full(uint32_t word, uint64_t pc, const uint64_t x[32], struct flow *flow)
{
    struct insn insn = insn_decode(word);

    if (insn.kind == INSN_SRET)
        flow->kind = FLOW_SRET;
    if (insn.kind == INSN_WFI)
        flow->kind = FLOW_WFI;
    if (insn.kind == INSN_AMO)
        decode_amo(word, flow);
    if (field_get(OPCODE, word) == OPCODE_JAL)
        jump(flow, pc + GATHER(word, of_jal, 20), field_get(RD, word));
    if (field_get(OPCODE, word) == OPCODE_JALR && field_get(FUNCT3, word) == 0)
        jump(flow, (x[field_get(RS1, word)] + GATHER(word, of_jalr, 11)) & ~1UL,
             field_get(RD, word));
}

struct flow flow_decode(uint32_t word, uint64_t pc, const uint64_t x[32])
{
    uint64_t quadrant = field_get(C_QUADRANT, word);
    struct flow flow = {.kind = FLOW_ON, .length = quadrant == 3 ? 4 : 2};
    uint64_t target;

    if (flow_is_branch(word, pc, &target))
        jump(&flow, is_taken(word, x) ? target : pc + flow.length, 0);
    else if (quadrant == 1 && field_get(C_FUNCT3, word) == C_J)
        jump(&flow, pc + GATHER(word, of_c_j, 11), 0);
    else if (quadrant == 2)
        decode_quadrant_2(word, x, &flow);
    else if (quadrant == 3)
        decode_full(word, pc, x, &flow);
    return flow;
}
