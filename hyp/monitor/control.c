/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line is gathered until its end comes; one that is too long is dropped up to there, and said to
 * be. Empty lines are nothing: a client begins with one, and so ends what an earlier one left.
 */
#include "monitor/control.h"

#include "lib/format.h"
#include "lib/json.h"

#define CHUNK     256
#define READS_MAX 16 /* a turn, so that a line without end does not keep the hart */

_Static_assert(ORDER_ARGS_MAX == JSON_ARGS_MAX, "what a request can hold, an order can");

static char line[CONTROL_LINE_MAX + 1];
static size_t length;
static bool is_too_long;
static char chunk[CHUNK]; /* what came behind the line's end */
static size_t chunk_at, chunk_count;
static struct json_request request; /* whose answer is next */

void control_start(void)
{
    length = chunk_at = chunk_count = 0;
    is_too_long = false;
}

/* True at the end of a line that is not empty. */
static bool gather(char byte)
{
    if (byte == '\n')
        return length > 0 || is_too_long;
    if (length == CONTROL_LINE_MAX)
        is_too_long = true;
    else
        line[length++] = byte;
    return false;
}

/* The line is whole; the next one begins. */
static void read_line(struct order *order, const char **command)
{
    const char *error = json_request_read(line, length, &request);

    if (is_too_long)
        error = "a line is longer than 4095 bytes";
    if (error)
        answer_refuse(order->answer, "%s", error);
    for (order->arg_count = 0; order->arg_count < request.arg_count; order->arg_count++)
        order->args[order->arg_count] = request.args[order->arg_count];
    *command = request.command;
    length = 0;
    is_too_long = false;
}

/* True where another line of the chunk is whole. */
static bool gather_chunk(void)
{
    while (chunk_at < chunk_count) {
        if (gather(chunk[chunk_at++]))
            return true;
    }
    return false;
}

enum giver_event control_take(struct order *order, const char **command)
{
    for (unsigned reads = 0; reads < READS_MAX; reads++) {
        if (gather_chunk()) {
            read_line(order, command);
            return GIVER_ORDER;
        }
        chunk_at = 0;
        chunk_count = platform_port_read(CONTROL_PORT, chunk, sizeof(chunk));
        if (chunk_count == 0)
            return GIVER_NOTHING;
    }
    return GIVER_BUSY;
}

static void put(const char *text, size_t count)
{
    platform_port_write(CONTROL_PORT, text, count);
}

static void put_error(const char *id, const char *error)
{
    char text[JSON_ESCAPE_MAX * ANSWER_LINE_MAX + 64];
    size_t count = format_text(text, sizeof(text), "{\"id\":%s,\"ok\":false,\"error\":\"", id);

    for (; *error; error++)
        count += json_escape((uint8_t)*error, text + count);
    count += format_text(text + count, sizeof(text) - count, "\"}\n");
    put(text, count);
}

void control_answer(const struct answer *answer)
{
    char id[24] = "null";
    char text[64];
    size_t length;

    if (request.has_id)
        format_text(id, sizeof(id), "%lu", request.id);
    if (answer->is_refused) {
        put_error(id, answer->error);
        return;
    }
    length = format_text(text, sizeof(text), "{\"id\":%s,\"ok\":true,\"result\":{", id);
    put(text, length);
    put(answer->buffer, answer->length);
    put("}}\n", 3);
}
