/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Breaking sentences at blanks.
 */
#include "explain/wrap.h"

#include "lib/bits.h"
#include "lib/format.h"
#include "lib/string.h"

#define LINE_MAX 240
#define INDENT   4

/* How much of `words` stands on a line of `width`: up to a blank, or all; at least one word. */
static size_t take_words(const char *words, size_t width)
{
    size_t length = 0;

    for (size_t i = 0; (i < width || length == 0) && words[i]; i++) {
        if (words[i + 1] == ' ' || !words[i + 1])
            length = i + 1;
    }
    return length;
}

void explain_wrap(const char *name, const char *words, size_t width,
                  void (*put)(void *context, const char *line), void *context)
{
    char line[LINE_MAX];
    size_t used = min_u64(format_text(line, sizeof(line), "%s: ", name), LINE_MAX / 2);

    do {
        size_t length = take_words(words, width > used ? width - used : 0);

        length = min_u64(length, sizeof(line) - 1 - used);
        memcpy(line + used, words, length);
        line[used + length] = '\0';
        put(context, line);
        words += length;
        while (*words == ' ')
            words++;
        used = format_text(line, sizeof(line), "%*s", INDENT, "");
    } while (*words);
}
