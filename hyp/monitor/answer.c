/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two renderers behind one set of calls. A row's text is gathered beside that of its names, which
 * stand above the first row.
 */
#include "monitor/answer.h"

#include "lib/bits.h"
#include "lib/format.h"
#include "lib/json.h"
#include "lib/string.h"

#define GROUP_WIDTH  76
#define NUMBER_WIDTH 8
#define HEX_WIDTH    18
#define HEX_DIGITS   20

void answer_init(struct answer *answer, enum answer_form form, char *buffer, size_t size)
{
    memset(answer, 0, sizeof(*answer));
    answer->form = form;
    answer->buffer = buffer;
    answer->size = size;
}

int answer_refuse(struct answer *answer, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    format_text_v(answer->error, sizeof(answer->error), format, args);
    va_end(args);
    answer->is_refused = true;
    return -1;
}

static void put(struct answer *answer, const char *bytes, size_t count)
{
    if (answer->is_cut || count > answer->size - answer->length) {
        answer->is_cut = true;
        return;
    }
    memcpy(answer->buffer + answer->length, bytes, count);
    answer->length += count;
}

static void put_text(struct answer *answer, const char *text)
{
    put(answer, text, strlen(text));
}

static void put_json_string(struct answer *answer, const char *bytes, size_t count)
{
    char escaped[JSON_ESCAPE_MAX];

    put(answer, "\"", 1);
    for (size_t i = 0; i < count; i++) {
        size_t length = json_escape((uint8_t)bytes[i], escaped);
        put(answer, escaped, length);
    }
    put(answer, "\"", 1);
}

/* A name of ours, which needs no escape, behind a comma where one is due. */
static void put_json_name(struct answer *answer, const char *name)
{
    if (answer->needs_comma)
        put(answer, ",", 1);
    answer->needs_comma = true;
    put(answer, "\"", 1);
    put_text(answer, name);
    put(answer, "\":", 2);
}

/* The words of a guest or a file may not reach the terminal's escape sequences. */
static void put_printable(struct answer *answer, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool is_printable = bytes[i] == '\n' || (bytes[i] >= 0x20 && bytes[i] < 0x7f);

        put(answer, is_printable ? &bytes[i] : "?", 1);
    }
}

/* A cell into `line`, whose length is *length, padded. */
static void put_cell(char *line, size_t *length, const char *text, size_t width)
{
    size_t room = ANSWER_LINE_MAX - *length;

    *length += min_u64(room - 1, format_text(line + *length, room, "%-*s  ", (int)width, text));
}

static void put_row_value(struct answer *answer, const char *name, const char *text, size_t width)
{
    if (width < strlen(name))
        width = strlen(name);
    if (answer->rows == 0)
        put_cell(answer->head, &answer->head_length, name, width);
    put_cell(answer->row, &answer->row_length, text, width);
}

/* name=value, on the next line where this one is full. */
static void put_group_value(struct answer *answer, const char *name, const char *text)
{
    size_t width = strlen(name) + strlen(text) + 2;

    if (answer->column > 0 && answer->column + width > GROUP_WIDTH) {
        put(answer, "\n", 1);
        answer->column = 0;
    }
    put_text(answer, answer->column == 0 ? "  " : " ");
    put_text(answer, name);
    put(answer, "=", 1);
    put_printable(answer, text, strlen(text));
    answer->column += (unsigned)width;
}

static void put_line_value(struct answer *answer, const char *name, const char *text, size_t count)
{
    put_text(answer, name);
    put(answer, ": ", 2);
    put_printable(answer, text, count);
    put(answer, "\n", 1);
}

/* As text; JSON is rendered before. */
static void put_value(struct answer *answer, const char *name, const char *text, size_t width)
{
    if (answer->place == ANSWER_ROWS)
        put_row_value(answer, name, text, width);
    else if (answer->place == ANSWER_GROUP)
        put_group_value(answer, name, text);
    else
        put_line_value(answer, name, text, strlen(text));
}

void answer_text(struct answer *answer, const char *name, unsigned width, const char *text)
{
    if (answer->form == ANSWER_TEXT) {
        put_value(answer, name, text, width);
        return;
    }
    put_json_name(answer, name);
    put_json_string(answer, text, strlen(text));
}

void answer_bytes(struct answer *answer, const char *name, const char *bytes, size_t count)
{
    if (answer->form == ANSWER_TEXT) {
        put_line_value(answer, name, bytes, count);
        return;
    }
    put_json_name(answer, name);
    put_json_string(answer, bytes, count);
}

void answer_line(struct answer *answer, const char *line)
{
    if (answer->form == ANSWER_JSON)
        return;
    put_printable(answer, line, strlen(line));
    put_text(answer, "\n");
}

/* What JSON writes without quotes. */
static void put_bare(struct answer *answer, const char *name, const char *text, const char *json)
{
    if (answer->form == ANSWER_TEXT) {
        put_value(answer, name, text, NUMBER_WIDTH);
        return;
    }
    put_json_name(answer, name);
    put_text(answer, json);
}

void answer_number(struct answer *answer, const char *name, uint64_t value)
{
    char digits[HEX_DIGITS + 1];

    format_text(digits, sizeof(digits), "%lu", value);
    put_bare(answer, name, digits, digits);
}

void answer_flag(struct answer *answer, const char *name, bool value)
{
    put_bare(answer, name, value ? "yes" : "no", value ? "true" : "false");
}

void answer_hex(struct answer *answer, const char *name, uint64_t value)
{
    char digits[HEX_DIGITS + 1];

    format_text(digits, sizeof(digits), "0x%lx", value);
    answer_text(answer, name, HEX_WIDTH, digits);
}

void answer_table_begin(struct answer *answer, const char *name)
{
    answer->place = ANSWER_ROWS;
    answer->rows = 0;
    if (answer->form == ANSWER_JSON) {
        put_json_name(answer, name);
        put(answer, "[", 1);
        answer->needs_comma = false;
    } else if (answer->length > 0) {
        put(answer, "\n", 1);
    }
}

void answer_row_begin(struct answer *answer)
{
    answer->head_length = answer->row_length = 0;
    if (answer->form == ANSWER_JSON) {
        put_text(answer, answer->needs_comma ? ",{" : "{");
        answer->needs_comma = false;
    }
}

/* Without the blanks at its end. */
static void put_row(struct answer *answer, const char *line, size_t length)
{
    while (length > 0 && line[length - 1] == ' ')
        length--;
    put_printable(answer, line, length);
    put(answer, "\n", 1);
}

void answer_row_end(struct answer *answer)
{
    if (answer->form == ANSWER_JSON) {
        put(answer, "}", 1);
        answer->needs_comma = true;
        return;
    }
    if (answer->rows++ == 0)
        put_row(answer, answer->head, answer->head_length);
    put_row(answer, answer->row, answer->row_length);
}

void answer_table_end(struct answer *answer)
{
    if (answer->form == ANSWER_JSON)
        put(answer, "]", 1);
    else if (answer->rows == 0)
        put_text(answer, "none\n");
    answer->needs_comma = true;
    answer->place = ANSWER_LINES;
}

void answer_group_begin(struct answer *answer, const char *name)
{
    answer->place = ANSWER_GROUP;
    answer->column = 0;
    if (answer->form == ANSWER_JSON) {
        put_json_name(answer, name);
        put(answer, "{", 1);
        answer->needs_comma = false;
        return;
    }
    put_text(answer, name);
    put(answer, "\n", 1);
}

void answer_group_end(struct answer *answer)
{
    put_text(answer, answer->form == ANSWER_JSON ? "}" : answer->column > 0 ? "\n" : "");
    answer->needs_comma = true;
    answer->place = ANSWER_LINES;
}
