/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text of a refusal: the innermost check sets the reason, and each caller on the way out
 * puts in front of it what it alone knows, so that no check needs to know where it stands.
 */
#include "vm/refusal.h"

#include "lib/format.h"
#include "lib/string.h"

#include <stdarg.h>

/* A name in a hostile file must not reach the console's escape sequences. */
static void text_make_printable(char *text)
{
    for (; *text; text++) {
        if (*text < ' ' || *text > '~')
            *text = '?';
    }
}

int refusal_set(struct refusal *refusal, int err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    format_text_v(refusal->text, sizeof(refusal->text), format, args);
    va_end(args);
    text_make_printable(refusal->text);
    return err;
}

void refusal_prepend(struct refusal *refusal, const char *format, ...)
{
    struct refusal reason = *refusal;
    va_list args;
    size_t length;

    va_start(args, format);
    length = format_text_v(refusal->text, sizeof(refusal->text), format, args);
    va_end(args);
    if (length < sizeof(refusal->text))
        format_text(refusal->text + length, sizeof(refusal->text) - length, "%s", reason.text);
    text_make_printable(refusal->text);
}
