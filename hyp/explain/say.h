/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables' words about one thing: a cause, a CSR and its value, a call, an exit that happened.
 * They are handed out piece by piece, so that a monitor's answer, a crash report and a tool of the
 * host can each lay them out.
 */
#ifndef EXPLAIN_SAY_H
#define EXPLAIN_SAY_H

#include "explain/explain.h"

/* Who is told. `name` is of letters, digits and _; both are asked for in the order of reading,
 * fields behind lines. */
struct explain_listener {
    void (*line)(void *context, const char *name, const char *words);
    /* A field of the CSR, with its value in it where there is one. */
    void (*field)(void *context, const char *csr, const struct explain_field *field,
                  const uint64_t *value);
    void *context;
};

/* An exit: what the hart said, and what else is known of it. */
struct explain_exit {
    uint64_t scause, sepc, stval, htval, htinst;
    uint64_t hstatus, sstatus, hedeleg; /* where has_... says so */
    bool has_hstatus, has_sstatus, has_hedeleg;
    bool has_call;
    uint64_t extension, function; /* a7 and a6 of an ECALL */
    int verdict;                  /* enum exit_verdict, or -1: not known */
};

void explain_say_cause(const struct explain_listener *listener, const struct explain_cause *cause);

/* `value` may be NULL. */
void explain_say_csr(const struct explain_listener *listener, const struct explain_csr *csr,
                     uint16_t number, const uint64_t *value);

/* An extension with all its functions; and one function, whatever its number. */
void explain_say_extension(const struct explain_listener *listener,
                           const struct explain_extension *extension);
void explain_say_function(const struct explain_listener *listener,
                          const struct explain_extension *extension, uint64_t number);

void explain_say_exit(const struct explain_listener *listener, const struct explain_exit *exit);

#endif
