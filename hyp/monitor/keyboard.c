/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys become a line (line.c), the line is drawn by the console, Tab asks the table of commands.
 */
#include "monitor/keyboard.h"

#include "lib/format.h"
#include "lib/print.h"
#include "lib/string.h"
#include "monitor/line.h"

#define PROMPT   "understudy> "
#define NAME_MAX 64

static struct console_channel channel;
static struct line line;
static char words[LINE_MAX + 1]; /* of the order that was taken last */

static void say(const char *text, size_t length)
{
    channel.tty.write(&channel.tty, (const uint8_t *)text, length);
}

static void draw(void)
{
    char text[sizeof(PROMPT) + LINE_MAX];
    size_t length = format_text(text, sizeof(text), PROMPT "%s", line.text);

    console_prompt(text, length, sizeof(PROMPT) - 1 + line.cursor);
}

void keyboard_start(void)
{
    memset(&line, 0, sizeof(line));
    console_add(&channel, "monitor");
    console_switch(&channel);
    print("Monitor: help lists the commands; Ctrl-] and n shows the next console, Ctrl-] and m "
          "comes back.\n");
    draw();
}

const struct console_channel *keyboard_channel(void)
{
    return &channel;
}

/* What the names that fit have in common. */
struct match {
    char text[NAME_MAX];
    size_t length;
    unsigned count;
};

static void match_name(void *context, const char *name)
{
    struct match *match = context;
    size_t length = 0;

    if (match->count++ == 0)
        match->length = format_text(match->text, sizeof(match->text), "%.63s", name);
    while (length < match->length && match->text[length] == name[length])
        length++;
    match->length = length;
}

static void show_name(void *context, const char *name)
{
    char text[NAME_MAX + 2];
    size_t length = format_text(text, sizeof(text), "%.63s  ", name);

    (void)context;
    say(text, length);
}

/* Adds what all names that fit have in common; where that is nothing, shows them. */
static void complete(void)
{
    struct match match = {.count = 0};
    size_t typed = command_complete(line.text, line.cursor, match_name, &match);

    if (match.count == 0)
        return;
    line_insert(&line, match.text + typed, match.length - typed);
    if (match.count == 1) {
        line_insert(&line, " ", 1);
    } else if (match.length == typed) {
        command_complete(line.text, line.cursor, show_name, NULL);
        say("\n", 1);
    }
}

/* The line as it was typed stays above what is answered. */
static void keep_line(void)
{
    char text[sizeof(PROMPT) + LINE_MAX + 1];
    size_t length = format_text(text, sizeof(text), PROMPT "%s\n", line.text);

    say(text, length);
    memcpy(words, line.text, sizeof(words));
    line_start(&line);
}

/* The order that the line is, if it has a word. */
static enum giver_event take_line(struct order *order, const char **command)
{
    console_prompt("", 0, 0);
    keep_line();
    *command = command_split(order, words);
    if (*command)
        return GIVER_ORDER;
    draw();
    return GIVER_BUSY;
}

enum giver_event keyboard_take(struct order *order, const char **command)
{
    enum line_event event = LINE_UNCHANGED;
    uint8_t key;

    while (event != LINE_DONE && channel.tty.read(&channel.tty, &key, 1) > 0) {
        event = line_key(&line, key);
        if (event == LINE_COMPLETE)
            complete();
        if (event == LINE_CANCELLED)
            line_start(&line);
        if (event != LINE_UNCHANGED && event != LINE_DONE)
            draw();
    }
    return event == LINE_DONE ? take_line(order, command) : GIVER_NOTHING;
}

void keyboard_answer(const struct answer *answer)
{
    char text[ANSWER_LINE_MAX + 16];

    if (answer->is_refused) {
        size_t length = format_text(text, sizeof(text), "error: %s\n", answer->error);
        say(text, length);
    } else {
        say(answer->buffer, answer->length);
    }
    draw();
}
