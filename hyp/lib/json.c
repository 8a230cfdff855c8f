/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader of one shape of object, from left to right, and no tree of values: what does not fit
 * the shape is refused in words. A decoded string is never longer than what it was written as, so
 * it takes its place; its NUL falls on its closing quote at the latest.
 */
#include "lib/json.h"

#include "lib/digit.h"
#include "lib/string.h"

struct reader {
    char *at;
    char *end;
    const char *error; /* the first; nothing is read any more */
};

static void fail(struct reader *reader, const char *error)
{
    if (!reader->error)
        reader->error = error;
    reader->at = reader->end;
}

/* RFC 8259 2 (JSON Grammar): white space. */
static void skip_space(struct reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t' ||
                                        *reader->at == '\r' || *reader->at == '\n'))
        reader->at++;
}

/* Takes the character, after white space, if it comes next. */
static bool take(struct reader *reader, char c)
{
    skip_space(reader);
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static void need(struct reader *reader, char c, const char *error)
{
    if (!take(reader, c))
        fail(reader, error);
}

/* The four digits behind \u. */
static char read_code(struct reader *reader)
{
    unsigned code = 0;

    for (unsigned i = 0; i < 4; i++) {
        unsigned digit = reader->at < reader->end ? digit_value(*reader->at) : 16;

        if (digit == 16) {
            fail(reader, "\\u is not followed by four hexadecimal digits");
            return 0;
        }
        code = code * 16 + digit;
        reader->at++;
    }
    if (code == 0 || code > 0xff)
        fail(reader, "a character is not one of U+0001 to U+00FF");
    return (char)code;
}

static char read_escape(struct reader *reader)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    char letter = reader->at < reader->end ? *reader->at++ : '\0';

    if (letter == 'u')
        return read_code(reader);
    for (unsigned i = 0; letters[i]; i++) {
        if (letters[i] == letter)
            return meanings[i];
    }
    fail(reader, "an unknown escape in a string");
    return 0;
}

/* The string that comes next, decoded where it stands; never NULL. RFC 8259 7 (Strings). Bytes
 * from 0x80 on are taken as they are. */
static const char *read_string(struct reader *reader)
{
    char *text, *to;

    need(reader, '"', "a string is expected");
    text = to = reader->at;
    while (reader->at < reader->end && *reader->at != '"') {
        char c = *reader->at++;

        if ((uint8_t)c < 0x20)
            fail(reader, "a control character in a string");
        else
            *to++ = c == '\\' ? read_escape(reader) : c;
    }
    need(reader, '"', "a string does not end");
    if (reader->error)
        return "";
    *to = '\0';
    return text;
}

/* An id is given back as it came, so what a number could say beyond digits is refused. */
static void read_id(struct reader *reader, struct json_request *request)
{
    uint64_t id = 0;
    unsigned digits = 0;

    skip_space(reader);
    for (; reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9'; digits++)
        id = id * 10 + (uint64_t)(*reader->at++ - '0');
    if (digits == 0 || digits > 18 || (digits > 1 && reader->at[-(int)digits] == '0')) {
        fail(reader, "id is not a number of 1 to 18 digits");
        return;
    }
    request->has_id = true;
    request->id = id;
}

static void read_args(struct reader *reader, struct json_request *request)
{
    need(reader, '[', "args is not an array of strings");
    request->arg_count = 0;
    if (take(reader, ']'))
        return;
    do {
        if (request->arg_count == JSON_ARGS_MAX) {
            fail(reader, "too many args");
            return;
        }
        request->args[request->arg_count++] = read_string(reader);
    } while (take(reader, ','));
    need(reader, ']', "args is not an array of strings");
}

static void read_member(struct reader *reader, struct json_request *request)
{
    const char *name = read_string(reader);

    need(reader, ':', "a colon is expected after a name");
    if (reader->error)
        return;
    if (strcmp(name, "id") == 0)
        read_id(reader, request);
    else if (strcmp(name, "command") == 0)
        request->command = read_string(reader);
    else if (strcmp(name, "args") == 0)
        read_args(reader, request);
    else
        fail(reader, "a member is not one of id, command, args");
}

const char *json_request_read(char *line, size_t length, struct json_request *request)
{
    struct reader reader = {.at = line, .end = line + length};

    *request = (struct json_request){0};
    need(&reader, '{', "not a JSON object");
    if (!take(&reader, '}')) {
        do {
            read_member(&reader, request);
        } while (take(&reader, ','));
        need(&reader, '}', "a comma or the object's end is expected");
    }
    skip_space(&reader);
    if (!reader.error && reader.at != reader.end)
        return "something stands behind the object";
    if (!reader.error && !request->command)
        return "command is missing";
    return reader.error;
}

size_t json_escape(uint8_t byte, char text[JSON_ESCAPE_MAX])
{
    static const char digits[] = "0123456789abcdef";

    if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
        text[0] = (char)byte;
        return 1;
    }
    text[0] = '\\';
    if (byte == '"' || byte == '\\' || byte == '\n') {
        text[1] = byte == '\n' ? 'n' : (char)byte;
        return 2;
    }
    text[1] = 'u';
    text[2] = text[3] = '0';
    text[4] = digits[byte / 16];
    text[5] = digits[byte % 16];
    return 6;
}
