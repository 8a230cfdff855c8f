/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one decoder of guest instructions: what a load or store moves, which CSR an instruction
 * names. Pure; from htinst or from the fetched word.
 */
#ifndef RISCV_INSN_H
#define RISCV_INSN_H

#include <stdbool.h>
#include <stdint.h>

enum insn_kind {
    INSN_OTHER,    /* anything not named below */
    INSN_LOAD,     /* to an integer register, compressed forms too */
    INSN_STORE,    /* from an integer register, compressed forms too */
    INSN_FP_LOAD,  /* to a floating-point register */
    INSN_FP_STORE, /* from a floating-point register */
    INSN_AMO,      /* AMO, LR and SC */
    INSN_CSR,      /* the six Zicsr instructions */
    INSN_WFI,
    INSN_WRS_NTO,
    INSN_SRET,
};

enum insn_csr_op { INSN_CSR_WRITE, INSN_CSR_SET, INSN_CSR_CLEAR };

struct insn {
    enum insn_kind kind;
    uint8_t length; /* 2 or 4 bytes, from the lowest bits of the word */
    /* INSN_LOAD, INSN_STORE, INSN_FP_LOAD, INSN_FP_STORE: */
    uint8_t width;  /* bytes moved: 1, 2, 4 or 8 (16 for flq, fsq) */
    bool is_signed; /* INSN_LOAD: sign-extends */
    uint8_t reg;    /* rd of a load or CSR instruction, rs2 of a store */
    /* INSN_CSR: */
    uint16_t csr; /* the CSR's number */
    enum insn_csr_op csr_op;
    bool csr_is_immediate; /* csr_source is the value itself, not a register's number */
    uint8_t csr_source;    /* rs1 or the 5-bit immediate */
};

/* Decodes an instruction word of RV64GC with Zcb; a compressed one stands in bits 15:0. */
struct insn insn_decode(uint32_t word);

/*
 * From htinst, Priv 21.6.3 (Transformed Instruction or Pseudoinstruction for mtinst or htinst).
 * False where htinst says nothing that can be used: zero, a pseudoinstruction, a custom value;
 * what *insn holds then means nothing.
 */
bool insn_decode_htinst(uint64_t htinst, struct insn *insn);

/* True for the pseudoinstructions of a VS-stage page-table read or write. */
bool insn_htinst_is_walk(uint64_t htinst);

/* False where a CSR instruction only reads: csrrs and csrrc with source 0. */
bool insn_csr_writes(const struct insn *insn);

/* `raw`, of insn->width bytes in its low bits, as a load puts it into its register. */
uint64_t insn_extend(const struct insn *insn, uint64_t raw);

#endif
