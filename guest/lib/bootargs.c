// SPDX-License-Identifier: BSD-2-Clause
/*
 * Finding the boot arguments in the device tree. The first property of that name is taken: only
 * /chosen has one. The tree is that of our hypervisor or of QEMU, so it is trusted to be whole.
 */
#include "lib/bootargs.h"

#include "lib/bits.h"

enum { FDT_BEGIN_NODE = 1, FDT_END_NODE, FDT_PROP, FDT_NOP, FDT_END = 9 };

/* Words of the header, by place. */
enum { FDT_TOTAL_SIZE = 1, FDT_OFF_STRUCT, FDT_OFF_STRINGS };

const void *bootargs_tree;

static uint32_t word_at(const char *place)
{
    const uint8_t *byte = (const uint8_t *)place;

    return (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
}

static uint32_t header(unsigned index)
{
    return word_at((const char *)bootargs_tree + 4UL * index);
}

uint32_t bootargs_tree_size(void)
{
    return header(FDT_TOTAL_SIZE);
}

/* The rest of `text` behind `start`, or NULL where it begins otherwise. */
static const char *after(const char *text, const char *start)
{
    while (*start)
        if (*text++ != *start++)
            return NULL;
    return text;
}

/* Where the next token stands. */
static const char *skip(const char *at)
{
    uint32_t token = word_at(at);

    at += 4;
    if (token == FDT_PROP)
        return at + 8 + align_up(word_at(at), 4);
    if (token != FDT_BEGIN_NODE)
        return at;
    while (*at)
        at++;
    return (const char *)align_up((uint64_t)at + 1, 4);
}

static const char *find(void)
{
    const char *at = (const char *)bootargs_tree + header(FDT_OFF_STRUCT);
    const char *names = (const char *)bootargs_tree + header(FDT_OFF_STRINGS);

    for (; word_at(at) != FDT_END; at = skip(at)) {
        const char *rest;

        if (word_at(at) != FDT_PROP)
            continue;
        rest = after(names + word_at(at + 8), "bootargs");
        if (rest && !*rest)
            return at + 12;
    }
    return "";
}

const char *bootargs_get(const char *key, char *value, size_t size)
{
    const char *at = find();
    size_t length = 0;

    while (*at) {
        const char *rest = after(at, key);

        if (rest && *rest == '=') {
            for (rest++; *rest && *rest != ' ' && length < size - 1; rest++)
                value[length++] = *rest;
            break;
        }
        while (*at && *at != ' ')
            at++;
        while (*at == ' ')
            at++;
    }
    value[length] = 0;
    return value;
}

uint64_t bootargs_number(const char *key, uint64_t otherwise)
{
    char text[24];
    const char *digit = bootargs_get(key, text, sizeof(text));
    uint64_t number = 0;

    if (!*digit)
        return otherwise;
    for (; *digit >= '0' && *digit <= '9'; digit++)
        number = number * 10 + (uint64_t)(*digit - '0');
    return *digit ? otherwise : number;
}
