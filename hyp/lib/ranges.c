/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads lists of ranges.
 */
#include "lib/ranges.h"

#include "lib/bits.h"

/* The number at *text, which then points behind it. */
static bool read_number(const char **text, uint64_t *number)
{
    const char *start = *text;

    *number = 0;
    while (**text >= '0' && **text <= '9' && *number <= RANGES_MAX)
        *number = *number * 10 + (uint64_t)(*(*text)++ - '0');
    return *text != start && *number <= RANGES_MAX;
}

bool ranges_parse(const char *text, uint64_t *set)
{
    uint64_t first, last;

    *set = 0;
    do {
        if (!read_number(&text, &first))
            return false;
        last = first;
        if (*text == '-') {
            text++;
            if (!read_number(&text, &last))
                return false;
        }
        if (last < first)
            return false;
        *set |= (UINT64_MAX >> (RANGES_MAX - (last - first))) << first;
    } while (*text++ == ',');
    return text[-1] == '\0';
}
