/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What explain/ says, as values of an answer: sentences by name, fields as a table.
 */
#ifndef MONITOR_WORDS_H
#define MONITOR_WORDS_H

#include "explain/explain.h"
#include "monitor/answer.h"
#include "vcpu/vcpu.h"

/* A sentence or more as one value; for people in lines that end in time. */
void words_line(struct answer *answer, const char *name, const char *words);

void words_cause(struct answer *answer, const struct explain_cause *cause);

/* `value` may be NULL. */
void words_csr(struct answer *answer, const struct explain_csr *csr, uint16_t number,
               const uint64_t *value);

/* The function, or the whole extension where that is NULL. */
void words_call(struct answer *answer, const struct explain_extension *extension,
                const uint64_t *function);

/* One exit of a vCPU that stands still. Of the last one its registers and status tell more. */
void words_exit(struct answer *answer, const struct vcpu *vcpu, const struct trap *trap,
                bool is_last);

#endif
