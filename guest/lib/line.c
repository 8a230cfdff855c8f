// SPDX-License-Identifier: BSD-2-Clause
/*
 * Making lines of text and writing them to the console, one SBI call each.
 */
#include "lib/line.h"

#include "lib/sbi_call.h"

#include <stdarg.h>

static void add_char(struct line *line, char c)
{
    if (line->length < sizeof(line->text) - 1)
        line->text[line->length++] = c;
}

static void add_string(struct line *line, const char *string)
{
    while (*string)
        add_char(line, *string++);
}

static void add_number(struct line *line, uint64_t value, unsigned base, int width)
{
    char digits[64];
    int count = 0;

    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    for (int i = count; i < width; i++)
        add_char(line, '0');
    while (count)
        add_char(line, digits[--count]);
}

static void add_signed(struct line *line, int value)
{
    if (value < 0)
        add_char(line, '-');
    add_number(line, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, 0);
}

/* One conversion; *format stands behind the percent sign, and behind the conversion after it. */
static void convert(struct line *line, const char **format, va_list *args)
{
    bool is_long = false;
    int width = 0;

    while (**format >= '0' && **format <= '9')
        width = width * 10 + *(*format)++ - '0';
    if (**format == 'l') {
        is_long = true;
        (*format)++;
    }

    char kind = *(*format)++;

    if (kind == 's')
        add_string(line, va_arg(*args, const char *));
    else if (kind == 'd')
        add_signed(line, va_arg(*args, int));
    else if (kind == 'u' || kind == 'x')
        add_number(line, is_long ? va_arg(*args, uint64_t) : va_arg(*args, unsigned),
                   kind == 'x' ? 16 : 10, width);
    else
        add_char(line, kind == 'c' ? (char)va_arg(*args, int) : kind);
}

void line_add_list(struct line *line, const char *format, va_list args)
{
    va_list rest;

    va_copy(rest, args);
    while (*format) {
        if (*format++ == '%')
            convert(line, &format, &rest);
        else
            add_char(line, format[-1]);
    }
    va_end(rest);
}

void line_add(struct line *line, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    line_add_list(line, format, args);
    va_end(args);
}

void line_end(struct line *line)
{
    line->text[line->length++] = '\n';
    console_write(line->text, line->length);
}

void print_line(const char *format, ...)
{
    struct line line = {0};
    va_list args;

    va_start(args, format);
    line_add_list(&line, format, args);
    line_end(&line);
    va_end(args);
}

/* The SBI may take fewer bytes than offered: SBI 12.1 (Console Write). */
void console_write(const char *bytes, size_t count)
{
    while (count) {
        struct sbi_ret ret = hart_ecall(SBI_EXT_DBCN, SBI_DBCN_WRITE, count, (uint64_t)bytes, 0);

        if (ret.error)
            return;
        bytes += ret.value;
        count -= ret.value;
    }
}
