/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys of a shell: arrows, Home, End, Del, Backspace, and Ctrl-A B C D E F K L N P U W. Keys
 * beyond ASCII come as ESC [ letter, ESC O letter or ESC [ digit ~, as xterm sends them; a
 * sequence that is not known is dropped whole.
 */
#include "monitor/line.h"

#include "lib/bits.h"
#include "lib/string.h"

#define CTRL(letter) ((letter) - '@')
#define ESCAPE       0x1b
#define DELETE       0x7f

/* How far an escape sequence is read. */
enum { NOT_ESCAPED, ESCAPED, IN_SEQUENCE };

static void move_text(struct line *line, unsigned to, unsigned from)
{
    memmove(line->text + to, line->text + from, line->length - from + 1);
    line->length = line->length + to - from;
}

void line_insert(struct line *line, const char *text, size_t length)
{
    unsigned count = (unsigned)min_u64(length, LINE_MAX - line->length);

    move_text(line, line->cursor + count, line->cursor);
    memcpy(line->text + line->cursor, text, count);
    line->cursor += count;
}

/* Takes out what stands from `first` to `end`, and leaves the cursor there. */
static enum line_event cut(struct line *line, unsigned first, unsigned end)
{
    if (first == end)
        return LINE_UNCHANGED;
    move_text(line, first, end);
    line->cursor = first;
    return LINE_CHANGED;
}

static enum line_event move_cursor(struct line *line, unsigned cursor)
{
    line->cursor = cursor;
    return LINE_CHANGED;
}

static enum line_event backspace(struct line *line)
{
    return cut(line, line->cursor - (line->cursor > 0), line->cursor);
}

static enum line_event erase(struct line *line)
{
    return cut(line, line->cursor, line->cursor + (line->cursor < line->length));
}

static enum line_event cut_word(struct line *line)
{
    unsigned first = line->cursor;

    while (first > 0 && line->text[first - 1] == ' ')
        first--;
    while (first > 0 && line->text[first - 1] != ' ')
        first--;
    return cut(line, first, line->cursor);
}

/* Shows the line that was typed `back` lines ago; the one that is being typed is given up. */
static enum line_event recall(struct line *line, unsigned back)
{
    const char *text = back == 0 ? "" : line->history[back - 1];

    line->history_at = back;
    line->length = line->cursor = (unsigned)strlen(text);
    memcpy(line->text, text, line->length + 1);
    return LINE_CHANGED;
}

static enum line_event older(struct line *line)
{
    return line->history_at < line->history_count ? recall(line, line->history_at + 1)
                                                  : LINE_UNCHANGED;
}

static enum line_event newer(struct line *line)
{
    return line->history_at > 0 ? recall(line, line->history_at - 1) : LINE_UNCHANGED;
}

/* The key that stands at the end of a sequence. */
static enum line_event named_key(struct line *line, char letter, char digit)
{
    if (letter == '~')
        letter = digit == '1' || digit == '7' ? 'H' : digit == '4' || digit == '8' ? 'F' : digit;
    switch (letter) {
    case 'A':
        return older(line);
    case 'B':
        return newer(line);
    case 'C':
        return move_cursor(line, line->cursor + (line->cursor < line->length));
    case 'D':
        return move_cursor(line, line->cursor - (line->cursor > 0));
    case 'H':
        return move_cursor(line, 0);
    case 'F':
        return move_cursor(line, line->length);
    case '3':
        return erase(line);
    default:
        return LINE_UNCHANGED;
    }
}

/* ECMA-48 5.4 (Control sequences): a sequence ends in a byte from 0x40 to 0x7e. */
static enum line_event sequence_key(struct line *line, uint8_t key)
{
    if (line->escape == ESCAPED) {
        line->escape = key == '[' || key == 'O' ? IN_SEQUENCE : NOT_ESCAPED;
        line->escape_digit = '\0';
        return LINE_UNCHANGED;
    }
    if (key >= 0x40 && key <= 0x7e) {
        line->escape = NOT_ESCAPED;
        return named_key(line, (char)key, line->escape_digit);
    }
    line->escape_digit = line->escape_digit ? ' ' : (char)key;
    return LINE_UNCHANGED;
}

static enum line_event control_key(struct line *line, uint8_t key)
{
    switch (key) {
    case ESCAPE:
        line->escape = ESCAPED;
        return LINE_UNCHANGED;
    case '\r':
    case '\n':
        return LINE_DONE;
    case '\t':
        return LINE_COMPLETE;
    case CTRL('C'):
        return LINE_CANCELLED;
    case CTRL('A'):
        return named_key(line, 'H', 0);
    case CTRL('E'):
        return named_key(line, 'F', 0);
    case CTRL('B'):
        return named_key(line, 'D', 0);
    case CTRL('F'):
        return named_key(line, 'C', 0);
    case CTRL('P'):
        return older(line);
    case CTRL('N'):
        return newer(line);
    case CTRL('H'):
    case DELETE:
        return backspace(line);
    case CTRL('D'):
        return erase(line);
    case CTRL('K'):
        return cut(line, line->cursor, line->length);
    case CTRL('U'):
        return cut(line, 0, line->cursor);
    case CTRL('W'):
        return cut_word(line);
    case CTRL('L'):
        return LINE_CHANGED;
    default:
        return LINE_UNCHANGED;
    }
}

enum line_event line_key(struct line *line, uint8_t key)
{
    char c = (char)key;

    if (line->escape != NOT_ESCAPED)
        return sequence_key(line, key);
    if (key < ' ' || key == DELETE)
        return control_key(line, key);
    if (key > DELETE || line->length == LINE_MAX)
        return LINE_UNCHANGED;
    line_insert(line, &c, 1);
    return LINE_CHANGED;
}

void line_start(struct line *line)
{
    if (line->length > 0 &&
        (line->history_count == 0 || strcmp(line->history[0], line->text) != 0)) {
        memmove(line->history[1], line->history[0], sizeof(line->history) - sizeof(line->text));
        memcpy(line->history[0], line->text, sizeof(line->text));
        line->history_count = (unsigned)min_u64(line->history_count + 1UL, LINE_HISTORY_MAX);
    }
    recall(line, 0);
}
