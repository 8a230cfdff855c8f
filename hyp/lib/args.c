/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Word by word from the left; there is no quoting.
 */
#include "lib/args.h"

#include "lib/string.h"

static size_t word_length(const char *word)
{
    size_t length = 0;

    while (word[length] != '\0' && word[length] != ' ')
        length++;
    return length;
}

const char *args_find(const char *args, const char *name, size_t *length)
{
    size_t name_length = strlen(name);

    while (*args != '\0') {
        size_t word = word_length(args);

        if (word >= name_length && strncmp(args, name, name_length) == 0) {
            size_t equals = word > name_length && args[name_length] == '=';

            *length = word - name_length - equals;
            if (equals || *length == 0)
                return args + name_length + equals;
        }
        args += word + (args[word] == ' ');
    }
    return NULL;
}

bool args_has(const char *args, const char *name)
{
    size_t length;

    return args_find(args, name, &length) != NULL;
}
