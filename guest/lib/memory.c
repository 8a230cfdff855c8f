// SPDX-License-Identifier: BSD-2-Clause
/*
 * The four functions that the compiler may call in freestanding code too.
 */
#include <stddef.h>

void *memset(void *to, int byte, size_t count);
void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);
int memcmp(const void *left, const void *right, size_t count);

void *memset(void *to, int byte, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ((char *)to)[i] = (char)byte;
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ((char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memmove(void *to, const void *from, size_t count)
{
    if ((size_t)to - (size_t)from >= count)
        return memcpy(to, from, count);
    while (count--)
        ((char *)to)[count] = ((const char *)from)[count];
    return to;
}

int memcmp(const void *left, const void *right, size_t count)
{
    const unsigned char *a = left, *b = right;

    for (; count; count--, a++, b++)
        if (*a != *b)
            return *a - *b;
    return 0;
}
