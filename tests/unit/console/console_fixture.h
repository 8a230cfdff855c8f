/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A console whose outside is an array.
 */
#ifndef CONSOLE_FIXTURE_H
#define CONSOLE_FIXTURE_H

#include "console/console.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char seen[4 * RING_SIZE];
static size_t seen_count;

static void out(const char *bytes, size_t count)
{
    assert_true(seen_count + count < sizeof(seen));
    memcpy(seen + seen_count, bytes, count);
    seen_count += count;
    seen[seen_count] = '\0';
}

static inline void outside_start(void)
{
    seen_count = 0;
    seen[0] = '\0';
    console_init(out);
}

static inline void say_bytes(struct console_channel *channel, const char *bytes, size_t count)
{
    channel->tty.write(&channel->tty, (const uint8_t *)bytes, count);
}

static inline void say(struct console_channel *channel, const char *text)
{
    say_bytes(channel, text, strlen(text));
}

/* All that came out since the last look. */
static inline void expect_seen(const char *text)
{
    assert_string_equal(seen, text);
    seen_count = 0;
    seen[0] = '\0';
}

/* All bytes, through as many calls as they take; returns the channel of the last one. */
static inline struct console_channel *input(const char *bytes, size_t count)
{
    struct console_channel *channel = NULL;

    while (count > 0) {
        size_t taken = count;

        channel = console_input(bytes, &taken);
        assert_true(taken > 0 && taken <= count);
        bytes += taken;
        count -= taken;
    }
    return channel;
}

#endif
