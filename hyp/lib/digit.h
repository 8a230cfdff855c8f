/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a digit is worth.
 */
#ifndef LIB_DIGIT_H
#define LIB_DIGIT_H

/* 0 to 15 for a hexadecimal digit of either case; 16 for any other character. */
static inline unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

#endif
