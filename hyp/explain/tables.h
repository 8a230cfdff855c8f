/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of this room share: tables that are one to others, and how rows are written.
 */
#ifndef EXPLAIN_TABLES_H
#define EXPLAIN_TABLES_H

#include "explain/explain.h"

#include "lib/bits.h"

/* A field of several bits, and one of one bit; with the words of its values, and without. */
/* Versions 14 and 19 of clang-format disagree about macros that are initializers. */
/* clang-format off */
#define FIELD(name, high, low, words) {name, high, low, 0, words, NULL}
#define FIELD_OF(name, high, low, values, words) \
    {name, high, low, ARRAY_SIZE(values), words, values}
/* clang-format on */
#define FLAG(name, bit, words)            FIELD(name, bit, bit, words)
#define FLAG_OF(name, bit, values, words) FIELD_OF(name, bit, bit, values, words)

#define FIELDS(table) .fields = (table), .field_count = ARRAY_SIZE(table)

/* causes.c and interrupts.c. */
extern const struct explain_cause explain_exceptions[];
extern const size_t explain_exception_count;
extern const struct explain_cause explain_interrupts[];
extern const size_t explain_interrupt_count;

/* csr_host.c: HS-mode's own. csr_hypervisor.c: how HS-mode keeps a guest. csr_guest.c: what a
 * guest has of its own. */
extern const struct explain_csr explain_csr_host[];
extern const size_t explain_csr_host_count;
extern const struct explain_csr explain_csr_hypervisor[];
extern const size_t explain_csr_hypervisor_count;
extern const struct explain_csr explain_csr_guest[];
extern const size_t explain_csr_guest_count;

/* Shared by CSRs of one layout: csr_fields.c. */
#define EXPLAIN_STATUS_FIELDS    11
#define EXPLAIN_CAUSE_FIELDS     2
#define EXPLAIN_VECTOR_FIELDS    2
#define EXPLAIN_ADDRESS_FIELDS   3
#define EXPLAIN_EXCEPTION_FIELDS 22
#define EXPLAIN_COUNTER_FIELDS   4
#define EXPLAIN_PENDING_FIELDS   3

extern const struct explain_field explain_status_fields[EXPLAIN_STATUS_FIELDS];
extern const struct explain_field explain_cause_fields[EXPLAIN_CAUSE_FIELDS];
extern const struct explain_field explain_vector_fields[EXPLAIN_VECTOR_FIELDS];
extern const struct explain_field explain_satp_fields[EXPLAIN_ADDRESS_FIELDS];
extern const struct explain_field explain_exception_fields[EXPLAIN_EXCEPTION_FIELDS];
extern const struct explain_field explain_counter_fields[EXPLAIN_COUNTER_FIELDS];
extern const struct explain_field explain_sip_fields[EXPLAIN_PENDING_FIELDS];
extern const struct explain_field explain_sie_fields[EXPLAIN_PENDING_FIELDS];

#endif
