/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON as a control port speaks it (RFC 8259): requests read, strings written. A string stands
 * for bytes: the characters U+0000 to U+00FF are the bytes 0 to 255.
 */
#ifndef LIB_JSON_H
#define LIB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_ARGS_MAX   8
#define JSON_ESCAPE_MAX 6 /* the longest that one byte of a string becomes */

/* {"id": 1, "command": "pause", "args": ["linux"]}; id and args may be left out. */
struct json_request {
    bool has_id;
    uint64_t id;
    const char *command; /* into the line */
    const char *args[JSON_ARGS_MAX];
    unsigned arg_count;
};

/*
 * Reads the line of `length` bytes, which has a byte to spare behind it; its strings are decoded
 * in place. Returns NULL, or a few words on what is wrong with it; *request holds then what could
 * be read before, the id perhaps. The line may hold anything.
 */
const char *json_request_read(char *line, size_t length, struct json_request *request);

/* What stands for the byte within a string: into `text`, without a NUL; returns how many. RFC 8259
 * 7 (Strings); the result is ASCII. */
size_t json_escape(uint8_t byte, char text[JSON_ESCAPE_MAX]);

#endif
