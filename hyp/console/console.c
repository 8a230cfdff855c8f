/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One lock, one line to the outside. Called by device fronts (with their bus's lock held), by
 * the SBI console calls, by print and by the monitor.
 */
#include "console/console.h"

#include "console/view.h"
#include "lib/format.h"
#include "lib/lock.h"
#include "lib/string.h"

static struct lock lock;
/* lock must be held: */
static void (*out)(const char *bytes, size_t count);
static struct view view;
static char nonce[CONSOLE_NONCE_MAX + 1];
static enum { SHARED, OWNED, ENDED, SWITCHED } mode;

void console_init(void (*new_out)(const char *bytes, size_t count))
{
    lock = (struct lock){0};
    out = new_out;
    view = (struct view){.out = new_out};
    list_init(&view.channels);
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
    if (mode == SWITCHED)
        view_write(&view, view.monitor, text, length);
    else
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

static void write_shared(struct console_channel *channel, const uint8_t *bytes, size_t count)
{
    ring_put(&channel->output, bytes, count);
    for (size_t i = 0; i < count; i++) {
        if (console_channel_gather(channel, (char)bytes[i]))
            flush_line(channel);
    }
}

/* Not inlined: the one channel that owns the console must not wait for it. */
__attribute__((noinline)) static void write_among_others(struct console_channel *channel,
                                                         const uint8_t *bytes, size_t count)
{
    if (mode == SWITCHED)
        view_write(&view, channel, bytes, count);
    else if (mode == SHARED)
        write_shared(channel, bytes, count);
    else
        out((const char *)bytes, count);
}

static void channel_write(struct tty *self, const uint8_t *bytes, size_t count)
{
    struct console_channel *channel = (struct console_channel *)self;

    lock_take(&lock);
    if (__builtin_expect(mode == OWNED, true))
        out((const char *)bytes, count);
    else
        write_among_others(channel, bytes, count);
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
    size_t taken;

    lock_take(&lock);
    taken = console_channel_take((struct console_channel *)self, bytes, count);
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
    list_append(&view.channels, &channel->link);
    if (!view.seen)
        view.seen = channel;
    lock_release(&lock);
}

void console_remove(struct console_channel *channel)
{
    lock_take(&lock);
    list_remove(&channel->link);
    if (view.seen == channel && mode == SWITCHED)
        view_see(&view, view.monitor);
    else if (view.seen == channel)
        view.seen = NULL;
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

void console_switch(struct console_channel *channel)
{
    lock_take(&lock);
    mode = SWITCHED;
    view.monitor = view.seen = channel;
    lock_release(&lock);
}

void console_show(struct console_channel *channel)
{
    lock_take(&lock);
    view_see(&view, channel);
    lock_release(&lock);
}

void console_prompt(const char *text, size_t length, size_t cursor)
{
    lock_take(&lock);
    view_prompt(&view, text, length, cursor);
    lock_release(&lock);
}

size_t console_get(struct console_channel *channel, uint64_t *position, void *bytes, size_t size)
{
    size_t count;

    lock_take(&lock);
    count = ring_get(&channel->output, position, bytes, size);
    lock_release(&lock);
    return count;
}

void console_break_lock(void)
{
    lock = (struct lock){0};
    if (mode == SWITCHED) /* what is said now is for everybody */
        mode = ENDED;
}

/* Switched, a VM that does not read must not keep the switch key outside. */
size_t console_input_room(void)
{
    size_t room = CONSOLE_INPUT_MAX;

    lock_take(&lock);
    if (view.seen && (mode != SWITCHED || view.seen == view.monitor))
        room -= view.seen->input_count;
    lock_release(&lock);
    return room;
}

struct console_channel *console_input(const char *bytes, size_t *count)
{
    struct console_channel *channel;
    size_t i = 0;

    lock_take(&lock);
    channel = view.seen;
    for (; i < *count && view.seen == channel; i++) {
        if ((mode != SWITCHED || view_key(&view, bytes[i])) && channel)
            console_channel_give(channel, &bytes[i], 1);
    }
    lock_release(&lock);
    *count = i;
    return channel;
}

size_t console_type(struct console_channel *channel, const char *bytes, size_t count)
{
    size_t given;

    lock_take(&lock);
    given = console_channel_give(channel, bytes, count);
    lock_release(&lock);
    return given;
}
