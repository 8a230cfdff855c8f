/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: a line from a control port. Claimed: it is either refused in words or read, and
 * then its strings stand in the line and end there; an escaped byte is read as itself again.
 */
#include "lib/json.h"
#include "fuzz/fuzz.h"

static const char *line_start, *line_end;

static void check_string(const char *text)
{
    fuzz_claim(text >= line_start && text < line_end);
    fuzz_claim(memchr(text, '\0', (size_t)(line_end - text)) != NULL);
}

/* In a block with the one byte to spare and no more. */
static void play_line(const uint8_t *data, size_t size)
{
    char *line = malloc(size + 1);
    struct json_request request;
    const char *wrong;

    memset(&request, 0xff, sizeof(request));
    memcpy(line, data, size);
    line[size] = 'x';
    line_start = line;
    line_end = line + size + 1;
    wrong = json_request_read(line, size, &request);
    fuzz_claim(!wrong || wrong[0]);
    if (!wrong) {
        check_string(request.command);
        fuzz_claim(request.arg_count <= JSON_ARGS_MAX);
        for (unsigned i = 0; i < request.arg_count; i++)
            check_string(request.args[i]);
    }
    free(line);
}

/* A request with these bytes as its argument. JSON has no NUL in a C string. */
static void play_argument(const uint8_t *data, size_t size)
{
    static const char head[] = "{\"id\":7,\"command\":\"c\",\"args\":[\"", tail[] = "\"]}";
    char *line = malloc(sizeof(head) + sizeof(tail) + size * JSON_ESCAPE_MAX);
    struct json_request request;
    size_t length = sizeof(head) - 1;

    memcpy(line, head, length);
    for (size_t i = 0; i < size; i++)
        length += json_escape(data[i] ? data[i] : 1, line + length);
    memcpy(line + length, tail, sizeof(tail) - 1);
    length += sizeof(tail) - 1;
    fuzz_claim(json_request_read(line, length, &request) == NULL);
    fuzz_claim(request.has_id && request.id == 7 && strcmp(request.command, "c") == 0);
    fuzz_claim(request.arg_count == 1 && strlen(request.args[0]) == size);
    for (size_t i = 0; i < size; i++)
        fuzz_claim((uint8_t)request.args[0][i] == (data[i] ? data[i] : 1));
    free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    play_line(data, size);
    play_argument(data, size);
    return 0;
}
