/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What happens between a guest and us, in words: causes, CSRs and their fields, SBI calls,
 * verdicts. Tables and nothing else: the monitor, the crash report, GDB and the timeline page all
 * say what stands here, the last two through a tool of the host (tools/explain).
 */
#ifndef EXPLAIN_EXPLAIN_H
#define EXPLAIN_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a trap came, and what becomes of it. */
struct explain_cause {
    bool is_interrupt;
    uint8_t code;
    const char *name;  /* of an interrupt; an exception's is cause_name's */
    const char *words; /* what happened */
    const char *why;   /* why it came to HS-mode: the bits that say so */
    const char *done;  /* what the hypervisor does */
    const char *source;
};

/* What one value of a field means. */
struct explain_value {
    uint64_t value;
    const char *words;
};

struct explain_field {
    const char *name;
    uint8_t high, low; /* its bits */
    uint8_t value_count;
    const char *words;
    const struct explain_value *values; /* those that have words of their own */
};

struct explain_csr {
    uint16_t number, last; /* several alike have numbers up to `last` */
    uint8_t field_count;
    const char *name; /* of the first */
    const char *words;
    const char *source;
    const struct explain_field *fields; /* from high to low */
};

struct explain_function {
    uint32_t number;
    bool is_refused; /* gets NOT_SUPPORTED */
    const char *name;
    const char *words;
    const char *source;
};

struct explain_extension {
    uint32_t id;
    bool is_refused;      /* gets NOT_SUPPORTED, whatever the function */
    bool is_one_function; /* a6 says nothing: the id is the function (legacy) */
    uint8_t function_count;
    const char *name;
    const char *words;
    const char *source;
    const struct explain_function *functions;
};

struct explain_verdict {
    const char *name;
    const char *words;
};

/* Tables with their sizes; verdicts by enum exit_verdict. */
extern const struct explain_verdict explain_verdicts[];
extern const size_t explain_verdict_count;
extern const struct explain_extension explain_extensions[];
extern const size_t explain_extension_count;

/* Causes and CSRs stand in several tables: number i of all, NULL behind the last. */
const struct explain_cause *explain_cause_at(size_t i);
const struct explain_csr *explain_csr_at(size_t i);

/* What stands in the tables for it, or NULL. `scause` has bit 63 for an interrupt. */
const struct explain_cause *explain_cause_find(uint64_t scause);
const struct explain_csr *explain_csr_find(uint64_t number);
const struct explain_extension *explain_extension_find(uint64_t id);

/* Of an extension, or NULL: then there is no such function, and it is refused. */
const struct explain_function *explain_function_find(const struct explain_extension *extension,
                                                     uint64_t function);

/* By name; *number is the CSR's. Several alike have the name of the first and a number of their
 * own: hpmcounter7. NULL where there is none. */
const struct explain_csr *explain_csr_named(const char *name, uint16_t *number);

#define EXPLAIN_CSR_NAME_MAX 24

/* Its name, with the number where several are alike. */
void explain_csr_name(const struct explain_csr *csr, uint16_t number,
                      char name[EXPLAIN_CSR_NAME_MAX]);

/* "load guest-page fault", "supervisor timer interrupt"; never NULL. */
const char *explain_cause_name(const struct explain_cause *cause);

/* The field of `word`, moved down. */
uint64_t explain_field_get(const struct explain_field *field, uint64_t word);

#define EXPLAIN_FIELD_TEXT_MAX 128

/* What the field's value means; what the field is, where no value has words of its own, with a
 * "no: " before it where a bit is 0. */
void explain_field_text(const struct explain_field *field, uint64_t value,
                        char text[EXPLAIN_FIELD_TEXT_MAX]);

#endif
