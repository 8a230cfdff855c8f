/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Switched: the channel that the outside sees, the keys that choose it, and the monitor's line.
 */
#include "console/view.h"

#include "lib/bits.h"
#include "lib/format.h"
#include "lib/string.h"

#define SWITCH_KEY 0x1d /* Ctrl-] */

static const char switch_help[] = "\n[Ctrl-] m: the monitor; n: the next console; p: the one "
                                  "before; Ctrl-]: sends one]\n";

static void put_text(const struct view *view, const char *text)
{
    view->out(text, strlen(text));
}

/* ECMA-48 8.3.41 (EL), 8.3.18 (CUB) */
static void draw_prompt(const struct view *view)
{
    char back[16];
    size_t count = view->prompt.length - view->prompt.cursor;

    put_text(view, "\r");
    view->out(view->prompt.text, view->prompt.length);
    put_text(view, "\x1b[K");
    if (count > 0)
        view->out(back, format_text(back, sizeof(back), "\x1b[%zuD", count));
}

/* Shows what the channel has said and the outside has not seen; how much of it is lost. */
static void catch_up(const struct view *view, struct console_channel *channel)
{
    char bytes[CONSOLE_LINE_MAX];
    uint64_t from = channel->shown;
    size_t count = ring_get(&channel->output, &channel->shown, bytes, sizeof(bytes));

    if (channel->shown - count > from)
        view->out(bytes, format_text(bytes, sizeof(bytes), "[%lu bytes are lost]\n",
                                     channel->shown - count - from));
    channel->shown -= count;
    while ((count = ring_get(&channel->output, &channel->shown, bytes, sizeof(bytes))) > 0)
        view->out(bytes, count);
}

/* What the monitor says goes between its user's line and the line above. */
static void begin_text(const struct view *view)
{
    if (view->seen == view->monitor)
        put_text(view, "\r\x1b[K");
}

static void end_text(const struct view *view)
{
    if (view->seen == view->monitor)
        draw_prompt(view);
}

void view_see(struct view *view, struct console_channel *channel)
{
    char head[96];

    if (view->seen == channel)
        return;
    view->seen = channel;
    view->out(head, format_text(head, sizeof(head), "\n[%.48s%s]\n", channel->name,
                                channel == view->monitor ? "" : "; Ctrl-] m: the monitor"));
    begin_text(view);
    catch_up(view, channel);
    end_text(view);
}

void view_write(struct view *view, struct console_channel *channel, const void *bytes, size_t count)
{
    ring_put(&channel->output, bytes, count);
    if (channel != view->seen)
        return;
    begin_text(view);
    view->out(bytes, count);
    channel->shown = channel->output.written;
    end_text(view);
}

void view_prompt(struct view *view, const char *text, size_t length, size_t cursor)
{
    view->prompt.length = min_u64(length, sizeof(view->prompt.text));
    view->prompt.cursor = min_u64(cursor, view->prompt.length);
    memcpy(view->prompt.text, text, view->prompt.length);
    end_text(view);
}

/* The neighbour of the channel that is seen; the list's head is none. */
static struct console_channel *neighbour(const struct view *view, bool is_next)
{
    struct list *link = is_next ? view->seen->link.next : view->seen->link.prev;

    if (link == &view->channels)
        link = is_next ? link->next : link->prev;
    return ELEMENT_OF(link, struct console_channel, link);
}

/* The key behind the switch key. */
static void switch_to(struct view *view, char key)
{
    switch (key) {
    case 'm':
        view_see(view, view->monitor);
        return;
    case 'n':
    case 'p':
        view_see(view, neighbour(view, key == 'n'));
        return;
    default:
        put_text(view, switch_help);
        end_text(view);
    }
}

bool view_key(struct view *view, char byte)
{
    bool was_escaped = view->is_escaped;

    view->is_escaped = !was_escaped && byte == SWITCH_KEY;
    if (!was_escaped || byte == SWITCH_KEY)
        return !view->is_escaped;
    switch_to(view, byte);
    return false;
}
