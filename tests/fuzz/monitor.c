/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: what stands between a terminal or a control port and the monitor. Any keys make a
 * line that ends where it says, of printable characters, with a history of such lines. Any
 * values make an answer that stays in its buffer: as JSON it parses, as text it holds nothing that
 * moves a terminal's cursor.
 */
#include "fuzz/fuzz.h"
#include "monitor/answer.h"
#include "monitor/line.h"

static bool is_printable(char c)
{
    return c >= ' ' && c <= '~';
}

static void check_text(const char *text, size_t length)
{
    fuzz_claim(length <= LINE_MAX && text[length] == '\0');
    for (size_t i = 0; i < length; i++)
        fuzz_claim(is_printable(text[i]));
}

static void check_line(const struct line *line)
{
    check_text(line->text, line->length);
    fuzz_claim(line->cursor <= line->length);
    fuzz_claim(line->history_count <= LINE_HISTORY_MAX && line->history_at <= line->history_count);
    for (unsigned i = 0; i < line->history_count; i++)
        check_text(line->history[i], strnlen(line->history[i], LINE_MAX + 1));
}

static void play_keys(struct fuzz *fuzz)
{
    struct line line = {0};

    while (fuzz->left > 0) {
        enum line_event event = line_key(&line, (uint8_t)fuzz_take(fuzz, 1));

        fuzz_claim(event <= LINE_DONE);
        check_line(&line);
        if (event == LINE_COMPLETE)
            line_insert(&line, "completed", fuzz_take_below(fuzz, 10));
        if (event == LINE_DONE || event == LINE_CANCELLED)
            line_start(&line);
    }
    check_line(&line);
}

/* As much of JSON as an answer is made of. Returns what follows the value, or NULL. */
static const char *skip_string(const char *at)
{
    if (!at || *at++ != '"')
        return NULL;
    for (; *at != '"'; at++) {
        if (!is_printable(*at))
            return NULL;
        if (*at == '\\' && !is_printable(*++at))
            return NULL;
    }
    return at + 1;
}

static const char *skip_value(const char *at);

/* Members or elements up to `end`. */
static const char *skip_list(const char *at, char end, bool has_names)
{
    for (at++; at && *at != end; at += at && *at == ',') {
        if (has_names) {
            at = skip_string(at);
            if (!at || *at++ != ':')
                return NULL;
        }
        at = skip_value(at);
        if (at && *at != ',' && *at != end)
            return NULL;
    }
    return at ? at + 1 : NULL;
}

static const char *skip_value(const char *at)
{
    if (!at)
        return NULL;
    if (*at == '{')
        return skip_list(at, '}', true);
    if (*at == '[')
        return skip_list(at, ']', false);
    if (*at == '"')
        return skip_string(at);
    if (strncmp(at, "true", 4) == 0)
        return at + 4;
    if (strncmp(at, "false", 5) == 0)
        return at + 5;
    if (*at < '0' || *at > '9')
        return NULL;
    while (*at >= '0' && *at <= '9')
        at++;
    return at;
}

static void put_value(struct answer *answer, struct fuzz *fuzz)
{
    char text[300];
    size_t length = fuzz_take_below(fuzz, fuzz_take_bool(fuzz) ? 12 : sizeof(text));
    uint64_t kind = fuzz_take(fuzz, 1);

    for (size_t i = 0; i < length; i++)
        text[i] = (char)(fuzz->left ? fuzz_take(fuzz, 1) : 'a');
    text[length < sizeof(text) ? length : sizeof(text) - 1] = '\0';
    switch (kind % 5) {
    case 0:
        answer_text(answer, "text", (unsigned)(kind / 5), text);
        break;
    case 1:
        answer_number(answer, "number", fuzz_take(fuzz, 8));
        break;
    case 2:
        answer_flag(answer, "flag", kind & 8);
        break;
    case 3:
        answer_hex(answer, "hex", fuzz_take(fuzz, 8));
        break;
    default:
        if (answer->place == ANSWER_LINES)
            answer_bytes(answer, "bytes", text, length);
        break;
    }
}

static void put_values(struct answer *answer, struct fuzz *fuzz)
{
    for (unsigned count = fuzz_take_below(fuzz, 4); count > 0; count--)
        put_value(answer, fuzz);
}

static void put_table(struct answer *answer, struct fuzz *fuzz)
{
    answer_table_begin(answer, "table");
    for (unsigned rows = fuzz_take_below(fuzz, 4); rows > 0; rows--) {
        answer_row_begin(answer);
        put_values(answer, fuzz);
        answer_row_end(answer);
    }
    answer_table_end(answer);
}

static void put_group(struct answer *answer, struct fuzz *fuzz)
{
    answer_group_begin(answer, "group");
    put_values(answer, fuzz);
    answer_group_end(answer);
}

static void check_answer(const struct answer *answer)
{
    static char json[4096];

    fuzz_claim(answer->length <= answer->size);
    if (answer->form == ANSWER_TEXT) {
        for (size_t i = 0; i < answer->length; i++)
            fuzz_claim(answer->buffer[i] == '\n' || is_printable(answer->buffer[i]));
    } else if (!answer->is_cut) {
        snprintf(json, sizeof(json), "{%.*s}", (int)answer->length, answer->buffer);
        fuzz_claim(skip_value(json) == json + answer->length + 2);
    }
}

static void play_answer(struct fuzz *fuzz)
{
    struct answer answer;
    bool is_json = fuzz_take_bool(fuzz);
    size_t size = 1 + fuzz_take_below(fuzz, 4000);
    char *buffer = malloc(size);

    answer_init(&answer, is_json ? ANSWER_JSON : ANSWER_TEXT, buffer, size);
    while (fuzz->left > 0) {
        switch (fuzz_take_below(fuzz, 4)) {
        case 0:
            put_table(&answer, fuzz);
            break;
        case 1:
            put_group(&answer, fuzz);
            break;
        default:
            put_value(&answer, fuzz);
            break;
        }
    }
    check_answer(&answer);
    free(buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};

    if (fuzz_take_bool(&fuzz))
        play_keys(&fuzz);
    else
        play_answer(&fuzz);
    return 0;
}
