/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text from values: what of printf the hypervisor's lines and names need. print.c and panic use
 * it. No floating point, and nothing is allocated.
 */
#include "lib/format.h"

#include "lib/string.h"

#include <stdbool.h>
#include <stdint.h>

#define POINTER_DIGITS 16
#define DIGITS_MAX     20 /* of the largest 64-bit number in base 10 */

/* Where the text goes; `length` runs on past the end of the buffer. */
struct output {
    char *buffer;
    size_t size;
    size_t length;
};

/* What stands between % and the letter. */
struct spec {
    bool is_left;
    bool is_zero;
    bool is_long;
    size_t width;
    size_t precision; /* SIZE_MAX: none was given */
};

static void put_char(struct output *out, char c)
{
    if (out->length < out->size)
        out->buffer[out->length] = c; /* the last place gets the NUL in the end */
    out->length++;
}

static void put_fill(struct output *out, char c, size_t count)
{
    while (count-- > 0)
        put_char(out, c);
}

/* Zeros go between sign and digits, blanks before the sign or, if is_left, after the digits. */
static void put_field(struct output *out, const struct spec *spec, const char *sign,
                      const char *text, size_t length)
{
    size_t total = strlen(sign) + length;
    size_t fill = spec->width > total ? spec->width - total : 0;
    bool is_zero = spec->is_zero && !spec->is_left;

    if (!spec->is_left && !is_zero)
        put_fill(out, ' ', fill);
    while (*sign)
        put_char(out, *sign++);
    if (is_zero)
        put_fill(out, '0', fill);
    for (size_t i = 0; i < length; i++)
        put_char(out, text[i]);
    if (spec->is_left)
        put_fill(out, ' ', fill);
}

static void put_number(struct output *out, const struct spec *spec, const char *sign,
                       uint64_t value, unsigned base)
{
    char digits[DIGITS_MAX];
    char *first = digits + sizeof(digits);

    do {
        *--first = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    put_field(out, spec, sign, first, (size_t)(digits + sizeof(digits) - first));
}

static void put_signed(struct output *out, const struct spec *spec, int64_t value)
{
    if (value < 0)
        put_number(out, spec, "-", -(uint64_t)value, 10);
    else
        put_number(out, spec, "", (uint64_t)value, 10);
}

static void put_string(struct output *out, struct spec *spec, const char *text)
{
    spec->is_zero = false;
    if (!text)
        text = "(null)";
    put_field(out, spec, "", text, strnlen(text, spec->precision));
}

static const char *read_decimal(const char *format, size_t *value)
{
    for (*value = 0; *format >= '0' && *format <= '9'; format++)
        *value = *value * 10 + (size_t)(*format - '0');
    return format;
}

/* A width taken from the arguments: a negative one also asks for the left side. */
static void take_width(struct spec *spec, int width)
{
    spec->is_left = spec->is_left || width < 0;
    spec->width = width < 0 ? -(size_t)width : (size_t)width;
}

/* The arguments are walked by several functions, so they are passed in a struct. */
struct arguments {
    va_list list;
};

static const char *read_spec(const char *format, struct spec *spec, struct arguments *args)
{
    *spec = (struct spec){.precision = SIZE_MAX};
    for (; *format == '-' || *format == '0'; format++) {
        spec->is_left = spec->is_left || *format == '-';
        spec->is_zero = spec->is_zero || *format == '0';
    }
    if (*format == '*') {
        take_width(spec, va_arg(args->list, int));
        format++;
    } else {
        format = read_decimal(format, &spec->width);
    }
    if (format[0] == '.' && format[1] == '*') {
        int precision = va_arg(args->list, int);
        spec->precision = precision < 0 ? SIZE_MAX : (size_t)precision;
        format += 2;
    } else if (format[0] == '.') {
        format = read_decimal(format + 1, &spec->precision);
    }
    for (; *format == 'l' || *format == 'z'; format++)
        spec->is_long = true; /* both are 64 bits wide on RV64 */
    return format;
}

static uint64_t take_unsigned(const struct spec *spec, struct arguments *args)
{
    return spec->is_long ? va_arg(args->list, unsigned long) : va_arg(args->list, unsigned);
}

static int64_t take_signed(const struct spec *spec, struct arguments *args)
{
    return spec->is_long ? va_arg(args->list, long) : va_arg(args->list, int);
}

/* One conversion; false if we do not know the letter. */
static bool put_conversion(struct output *out, char letter, struct spec *spec,
                           struct arguments *args)
{
    char c;

    switch (letter) {
    case '%':
        put_char(out, '%');
        return true;
    case 'c':
        c = (char)va_arg(args->list, int);
        spec->is_zero = false;
        put_field(out, spec, "", &c, 1);
        return true;
    case 's':
        put_string(out, spec, va_arg(args->list, const char *));
        return true;
    case 'd':
        put_signed(out, spec, take_signed(spec, args));
        return true;
    case 'u':
        put_number(out, spec, "", take_unsigned(spec, args), 10);
        return true;
    case 'x':
        put_number(out, spec, "", take_unsigned(spec, args), 16);
        return true;
    case 'p':
        *spec = (struct spec){.is_zero = true, .width = 2 + POINTER_DIGITS};
        put_number(out, spec, "0x", (uintptr_t)va_arg(args->list, void *), 16);
        return true;
    default:
        return false;
    }
}

size_t format_text_v(char *buffer, size_t size, const char *format, va_list list)
{
    struct output out = {.buffer = buffer, .size = size};
    struct arguments args;
    struct spec spec;

    va_copy(args.list, list);
    while (*format) {
        if (*format != '%') {
            put_char(&out, *format++);
            continue;
        }
        const char *letter = read_spec(format + 1, &spec, &args);
        if (put_conversion(&out, *letter, &spec, &args))
            format = letter + 1;
        else
            put_char(&out, *format++); /* unknown: show the text as it stands */
    }
    va_end(args.list);
    if (size > 0)
        buffer[out.length < size ? out.length : size - 1] = '\0';
    return out.length;
}

size_t format_text(char *buffer, size_t size, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    size_t length = format_text_v(buffer, size, format, args);
    va_end(args);
    return length;
}
