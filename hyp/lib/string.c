/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The string functions of ISO C, for the image only: host tests use the C library's. Large
 * copies (kernels, pages) go by 64-bit or 32-bit words where both addresses allow it: some of
 * our harts trap on misaligned access. The file is built with -fno-tree-loop-distribute-patterns,
 * or the compiler would turn these loops into calls to themselves.
 */
#include "lib/string.h"

#include <stdbool.h>
#include <stdint.h>

typedef uint64_t __attribute__((may_alias)) word64_t;
typedef uint32_t __attribute__((may_alias)) word32_t;

/* The widest word at which both addresses can be aligned at once. */
static size_t common_word(const void *a, const void *b)
{
    uintptr_t differ = (uintptr_t)a ^ (uintptr_t)b;

    return differ % 8 == 0 ? 8 : differ % 4 == 0 ? 4 : 1;
}

static bool is_word_start(const void *address, size_t word)
{
    return ((uintptr_t)address & (word - 1)) == 0;
}

/* From the first byte on: right unless `to` lies within the bytes after `from`. */
static void copy_up(uint8_t *to, const uint8_t *from, size_t size)
{
    size_t word = common_word(to, from);

    for (; size > 0 && !is_word_start(to, word); size--)
        *to++ = *from++;
    for (; word == 8 && size >= 32; to += 32, from += 32, size -= 32) {
        ((word64_t *)to)[0] = ((const word64_t *)from)[0];
        ((word64_t *)to)[1] = ((const word64_t *)from)[1];
        ((word64_t *)to)[2] = ((const word64_t *)from)[2];
        ((word64_t *)to)[3] = ((const word64_t *)from)[3];
    }
    for (; word == 8 && size >= 8; to += 8, from += 8, size -= 8)
        *(word64_t *)to = *(const word64_t *)from;
    for (; word == 4 && size >= 4; to += 4, from += 4, size -= 4)
        *(word32_t *)to = *(const word32_t *)from;
    for (; size > 0; size--)
        *to++ = *from++;
}

/* From the last byte down: right unless `from` lies within the bytes after `to`. */
static void copy_down(uint8_t *to, const uint8_t *from, size_t size)
{
    size_t word = common_word(to, from);

    for (; size > 0 && !is_word_start(to + size, word); size--)
        to[size - 1] = from[size - 1];
    for (; word == 8 && size >= 8; size -= 8)
        *(word64_t *)(to + size - 8) = *(const word64_t *)(from + size - 8);
    for (; word == 4 && size >= 4; size -= 4)
        *(word32_t *)(to + size - 4) = *(const word32_t *)(from + size - 4);
    for (; size > 0; size--)
        to[size - 1] = from[size - 1];
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    copy_up(to, from, size);
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    if ((uintptr_t)to - (uintptr_t)from >= size) /* wraps where `to` is below */
        copy_up(to, from, size);
    else
        copy_down(to, from, size);
    return to;
}

void *memset(void *to, int byte, size_t size)
{
    uint8_t *next = to;
    uint64_t word = (uint8_t)byte * 0x0101010101010101UL;

    for (; size > 0 && !is_word_start(next, 8); size--)
        *next++ = (uint8_t)byte;
    for (; size >= 32; next += 32, size -= 32) {
        ((word64_t *)next)[0] = word;
        ((word64_t *)next)[1] = word;
        ((word64_t *)next)[2] = word;
        ((word64_t *)next)[3] = word;
    }
    for (; size >= 8; next += 8, size -= 8)
        *(word64_t *)next = word;
    for (; size > 0; size--)
        *next++ = (uint8_t)byte;
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *x = a;
    const uint8_t *y = b;

    for (; size > 0 && *x == *y; x++, y++, size--)
        ;
    return size > 0 ? *x - *y : 0;
}

void *memchr(const void *from, int byte, size_t size)
{
    const uint8_t *next = from;

    for (; size > 0; next++, size--)
        if (*next == (uint8_t)byte)
            return (void *)next;
    return NULL;
}

size_t strlen(const char *text)
{
    return strnlen(text, SIZE_MAX);
}

size_t strnlen(const char *text, size_t limit)
{
    size_t length = 0;

    while (length < limit && text[length])
        length++;
    return length;
}

char *strchr(const char *text, int byte)
{
    for (; *text != (char)byte; text++)
        if (!*text)
            return NULL;
    return (char *)text;
}

char *strrchr(const char *text, int byte)
{
    const char *last = NULL;

    do {
        if (*text == (char)byte)
            last = text;
    } while (*text++);
    return (char *)last;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t limit)
{
    for (; limit > 0; a++, b++, limit--)
        if (*a != *b || !*a)
            return (uint8_t)*a - (uint8_t)*b;
    return 0;
}
