/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing is guessed: a word is a number from its first to its last character, or refused.
 */
#include "args.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void args_refuse(const char *format, ...)
{
    va_list args;

    fputs("explain: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputs("\n", stderr);
    exit(2);
}

bool args_number(const char *text, uint64_t *number)
{
    bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = is_hex ? text + 2 : text;

    if (!*digits ||
        strspn(digits, is_hex ? "0123456789abcdefABCDEF" : "0123456789") != strlen(digits))
        return false;
    errno = 0;
    *number = strtoull(digits, NULL, is_hex ? 16 : 10);
    return errno == 0;
}

uint64_t args_number_of(const char *text)
{
    uint64_t number;

    if (!args_number(text, &number))
        args_refuse("%.40s is not a number, such as 21 or 0x15", text);
    return number;
}
