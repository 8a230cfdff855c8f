/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a command answers: values with names, made once and rendered as text for people or as the
 * members of a JSON object. Two things hold values together: a table, of rows with the same
 * names, and a group. As text a value by itself is a line, a row is one, and a group fills lines.
 *
 *   answer_number(answer, "id", 1);            id: 1             "id":1,
 *   answer_table_begin(answer, "vcpus");                         "vcpus":[
 *   answer_row_begin(answer);                                    {
 *   answer_number(answer, "id", 0);            id  state         "id":0,
 *   answer_text(answer, "state", 8, "ready");   0  ready         "state":"ready"
 *   answer_row_end(answer);                                      }
 *   answer_table_end(answer);                                    ]
 */
#ifndef MONITOR_ANSWER_H
#define MONITOR_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANSWER_LINE_MAX 240

enum answer_form { ANSWER_TEXT, ANSWER_JSON };

struct answer {
    enum answer_form form;
    char *buffer;
    size_t size;
    size_t length; /* in the buffer; or is_cut */
    bool is_cut;   /* there was more than fits */
    bool is_refused;
    char error[ANSWER_LINE_MAX]; /* why, if is_refused */

    enum { ANSWER_LINES, ANSWER_ROWS, ANSWER_GROUP } place;
    bool needs_comma;
    unsigned rows;              /* of the table */
    unsigned column;            /* of the group's line */
    char head[ANSWER_LINE_MAX]; /* the first row's names, until it ends */
    char row[ANSWER_LINE_MAX];
    size_t head_length;
    size_t row_length;
};

/* An answer without a value, into the buffer. */
void answer_init(struct answer *answer, enum answer_form form, char *buffer, size_t size);

/* The command cannot do it: the words are the whole answer. Returns -1, so that a command's check
 * ends in `return answer_refuse(...)`. */
int answer_refuse(struct answer *answer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* `name` is of letters, digits and _. `width` is that of a column, as the rows are not known
 * beforehand; what is longer shifts its row. */
void answer_text(struct answer *answer, const char *name, unsigned width, const char *text);
void answer_bytes(struct answer *answer, const char *name, const char *bytes, size_t count);
void answer_number(struct answer *answer, const char *name, uint64_t value);
void answer_flag(struct answer *answer, const char *name, bool value);

/* A line for people, who get a drawing of what JSON has as values; nothing in JSON. */
void answer_line(struct answer *answer, const char *line);

/* An address or a register: 0x and digits, in JSON a string, as its numbers hold 53 bits. */
void answer_hex(struct answer *answer, const char *name, uint64_t value);

void answer_table_begin(struct answer *answer, const char *name);
void answer_row_begin(struct answer *answer);
void answer_row_end(struct answer *answer);
void answer_table_end(struct answer *answer);

void answer_group_begin(struct answer *answer, const char *name);
void answer_group_end(struct answer *answer);

#endif
