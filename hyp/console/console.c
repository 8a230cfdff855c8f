/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One lock, one line to the outside. Called by device fronts (with their bus's lock held), by
 * the SBI console calls and by print.
 */
#include "console/console.h"

#include "lib/format.h"
#include "lib/lock.h"
#include "lib/string.h"

static struct lock lock;
/* lock must be held: */
static void (*out)(const char *bytes, size_t count);
static struct console_channel *input_channel;
static char nonce[CONSOLE_NONCE_MAX + 1];
static enum { SHARED, OWNED, ENDED } mode;

void console_init(void (*new_out)(const char *bytes, size_t count))
{
    lock = (struct lock){0};
    out = new_out;
    input_channel = NULL;
    mode = SHARED;
}

static void put_marker(const char *word)
{
    char marker[CONSOLE_NONCE_MAX + 32];

    out(marker, format_text(marker, sizeof(marker), "understudy-%s %s\n", nonce, word));
}

void console_print(const char *text, size_t length)
{
    lock_take(&lock);
    if (mode == OWNED) {
        put_marker("end");
        mode = ENDED;
    }
    out(text, length);
    lock_release(&lock);
}

static void flush_line(struct console_channel *channel)
{
    char prefix[64];

    out(prefix, format_text(prefix, sizeof(prefix), "[%.48s] ", channel->name));
    out(channel->line, channel->line_length);
    out("\n", 1);
    channel->line_length = 0;
}

/* A carriage return is the guest's own terminal manners: the line end says it already. */
static void put_byte(struct console_channel *channel, char byte)
{
    if (byte == '\n') {
        flush_line(channel);
    } else if (byte != '\r') {
        channel->line[channel->line_length++] = byte;
        if (channel->line_length == CONSOLE_LINE_MAX)
            flush_line(channel);
    }
}

static void channel_write(struct tty *self, const uint8_t *bytes, size_t count)
{
    struct console_channel *channel = (struct console_channel *)self;

    lock_take(&lock);
    if (mode != SHARED) {
        out((const char *)bytes, count);
    } else {
        for (size_t i = 0; i < count; i++)
            put_byte(channel, (char)bytes[i]);
    }
    lock_release(&lock);
}

static void channel_flush(struct tty *self)
{
    struct console_channel *channel = (struct console_channel *)self;

    lock_take(&lock);
    if (channel->line_length > 0)
        flush_line(channel);
    lock_release(&lock);
}

static size_t channel_read(struct tty *self, uint8_t *bytes, size_t count)
{
    struct console_channel *channel = (struct console_channel *)self;
    size_t taken = 0;

    lock_take(&lock);
    while (taken < count && channel->input_count > 0) {
        bytes[taken++] = channel->input[channel->input_head];
        channel->input_head = (channel->input_head + 1) % CONSOLE_INPUT_MAX;
        channel->input_count--;
    }
    lock_release(&lock);
    return taken;
}

void console_add(struct console_channel *channel, const char *name)
{
    memset(channel, 0, sizeof(*channel));
    channel->tty =
        (struct tty){.write = channel_write, .read = channel_read, .flush = channel_flush};
    channel->name = name;
    lock_take(&lock);
    if (!input_channel)
        input_channel = channel;
    lock_release(&lock);
}

void console_remove(struct console_channel *channel)
{
    lock_take(&lock);
    if (input_channel == channel)
        input_channel = NULL;
    lock_release(&lock);
}

void console_own(const char *text)
{
    lock_take(&lock);
    format_text(nonce, sizeof(nonce), "%s", text);
    put_marker("begin");
    mode = OWNED;
    lock_release(&lock);
}

void console_break_lock(void)
{
    lock = (struct lock){0};
}

size_t console_input_room(void)
{
    size_t room;

    lock_take(&lock);
    room = CONSOLE_INPUT_MAX - (input_channel ? input_channel->input_count : 0);
    lock_release(&lock);
    return room;
}

struct console_channel *console_input(const char *bytes, size_t count)
{
    struct console_channel *channel;

    lock_take(&lock);
    channel = input_channel;
    for (size_t i = 0; channel && i < count && channel->input_count < CONSOLE_INPUT_MAX; i++) {
        uint32_t tail = (channel->input_head + channel->input_count) % CONSOLE_INPUT_MAX;

        channel->input[tail] = (uint8_t)bytes[i];
        channel->input_count++;
    }
    lock_release(&lock);
    return channel;
}
