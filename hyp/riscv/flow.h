/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where an instruction leads: for debuggers, who let a guest run one instruction and have no other
 * hardware for it than a breakpoint behind it. What it loads and stores is insn.h's matter.
 */
#ifndef RISCV_FLOW_H
#define RISCV_FLOW_H

#include <stdbool.h>
#include <stdint.h>

enum flow_kind {
    FLOW_ON,   /* to the instruction behind it, or into a trap */
    FLOW_JUMP, /* to `target`, and nothing else happens but that `link` is written */
    FLOW_SRET,
    FLOW_WFI,
    FLOW_LR,
    FLOW_SC,
};

struct flow {
    enum flow_kind kind;
    uint8_t length; /* 2 or 4 bytes */
    uint8_t link;   /* FLOW_JUMP: the register that gets the address behind it; 0 for none */
    uint64_t target;
};

/* Of the instruction of RV64GC `word` at `pc`, with integer registers `x`: a branch that is not
 * taken is a jump to what is behind it. */
struct flow flow_decode(uint32_t word, uint64_t pc, const uint64_t x[32]);

/* True where `word` is a conditional branch; *target is where it leads if it is taken. */
bool flow_is_branch(uint32_t word, uint64_t pc, uint64_t *target);

#endif
