/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words of the command line: numbers, and what is said of words that make no sense.
 */
#ifndef TOOLS_EXPLAIN_ARGS_H
#define TOOLS_EXPLAIN_ARGS_H

#include <stdbool.h>
#include <stdint.h>

/* Says why, and ends the program with status 2. */
_Noreturn void args_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Decimal, or hexadecimal behind 0x. False where the text is no number, or none of 64 bits. */
bool args_number(const char *text, uint64_t *number);

/* The number that the text is; or refused. */
uint64_t args_number_of(const char *text);

#endif
