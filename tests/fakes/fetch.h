/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the guest's memory holds at its pc, or why it cannot be read.
 */
#ifndef FAKES_FETCH_H
#define FAKES_FETCH_H

#include "vcpu/fetch.h"

struct fetch_fake {
    enum fetch_result result; /* of the next calls */
    uint32_t word;            /* what fetch_insn finds */
    uint64_t value;           /* what fetch_u64 finds */
    struct exception fault;   /* with FETCH_FAULT */
    /* Written by the calls: */
    unsigned insns;    /* of fetch_insn */
    unsigned loads;    /* of fetch_u64 */
    uint64_t load_gva; /* of the last fetch_u64 */
};

/* Start state: a test sets it to what it wants. */
extern struct fetch_fake fetch_fake;

#endif
