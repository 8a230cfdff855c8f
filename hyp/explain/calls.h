/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the rows of calls.c are written.
 */
#ifndef EXPLAIN_CALLS_H
#define EXPLAIN_CALLS_H

#include "explain/explain.h"

#include "lib/bits.h"

#define NO_H "a fence of a hypervisor; the guest's harts have no H extension"

/* Versions 14 and 19 of clang-format disagree about macros that are initializers. */
/* clang-format off */
#define ANSWERED(number, name, words, source) {number, false, name, words, source}
#define REFUSED(number, name, words, source)  {number, true, name, words, source}
#define EXTENSION(id, name, words, source, functions) \
    {id, false, false, ARRAY_SIZE(functions), name, words, source, functions}
#define NOT_OFFERED(id, name, words, source) {id, true, false, 0, name, words, source, NULL}
/* clang-format on */

/* Each legacy function is an extension of its own: SBI 5 (Legacy Extensions). */
#define LEGACY(id, name, words, source)                                                            \
    {                                                                                              \
        id, false, true, 1, "legacy", words, source, (const struct explain_function[])             \
        {                                                                                          \
            ANSWERED(0, name, words, source)                                                       \
        }                                                                                          \
    }

#endif
