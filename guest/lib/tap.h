/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a test prints: the Test Anything Protocol (testanything.org), one line a check saying
 * what is proven, and last PASS or FAIL. A line is one SBI call, so that lines stay whole.
 * Nothing printed may depend on the machine unless a check fails.
 */
#ifndef LIB_TAP_H
#define LIB_TAP_H

#include "lib/bits.h"

#include <stddef.h>

#define PRINTF_LIKE(n) __attribute__((format(printf, n, n + 1)))

/* Writes bytes to the console by DBCN. */
void console_write(const char *bytes, size_t count);

/* One line of at most 200 characters. Knows %s %c %d %u %lu %lx %% and a minimal width with
 * zeros, as %02lu; the newline is added. */
void print_line(const char *format, ...) PRINTF_LIKE(1);

/* The first call: how many checks follow. */
void tap_plan(unsigned count);

/* One check. tap_equal also says what was found where it fails. Both return whether it held. */
bool tap_ok(bool good, const char *format, ...) PRINTF_LIKE(2);
bool tap_equal(uint64_t found, uint64_t expected, const char *format, ...) PRINTF_LIKE(3);

/* A remark; only where something failed. */
void tap_diag(const char *format, ...) PRINTF_LIKE(1);

/* The last call: PASS if all planned checks were made and held, and the machine shuts down;
 * tap_fail: FAIL, now, and it goes down with reason "system failure". tap_passed: as tap_end
 * prints it, but the machine goes on. */
_Noreturn void tap_end(void);
_Noreturn void tap_fail(void);
bool tap_passed(void);

#endif
