// SPDX-License-Identifier: BSD-2-Clause
/*
 * The checks of a test, counted and printed. print.c makes the lines.
 */
#include "lib/tap.h"

#include "lib/line.h"
#include "lib/sbi_call.h"

static unsigned planned, made, failed;

void tap_plan(unsigned count)
{
    planned = count;
    print_line("1..%u", count);
}

static bool check(bool good, const char *format, va_list args)
{
    struct line line = {0};

    made++;
    failed += !good;
    line_add(&line, "%sok %u - ", good ? "" : "not ", made);
    line_add_list(&line, format, args);
    line_end(&line);
    return good;
}

bool tap_ok(bool good, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    check(good, format, args);
    va_end(args);
    return good;
}

bool tap_equal(uint64_t found, uint64_t expected, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    check(found == expected, format, args);
    va_end(args);
    if (found != expected)
        tap_diag("found 0x%lx, expected 0x%lx", found, expected);
    return found == expected;
}

void tap_diag(const char *format, ...)
{
    struct line line = {0};
    va_list args;

    va_start(args, format);
    line_add(&line, "# ");
    line_add_list(&line, format, args);
    line_end(&line);
    va_end(args);
}

bool tap_passed(void)
{
    if (made != planned)
        tap_diag("%u checks planned, %u made", planned, made);
    bool passed = made == planned && failed == 0;

    print_line(passed ? "PASS" : "FAIL");
    return passed;
}

void tap_end(void)
{
    sbi_shutdown(tap_passed() ? SBI_SRST_NO_REASON : SBI_SRST_SYSTEM_FAILURE);
}

void tap_fail(void)
{
    print_line("FAIL");
    sbi_shutdown(SBI_SRST_SYSTEM_FAILURE);
}
