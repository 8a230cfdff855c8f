/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text from values, into a buffer of known size. Knows %c %s %d %u %x %p %%, the lengths l and
 * z, a minimum width with 0 or - before it, '*' width, and a precision for %s. A conversion that
 * it does not know is put out as it stands.
 */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Writes at most size - 1 characters and a terminating NUL (none when size is 0). Returns the
 * length that the whole text has, as snprintf does. %p prints 0x and 16 digits.
 */
size_t format_text(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
size_t format_text_v(char *buffer, size_t size, const char *format, va_list list);

#endif
