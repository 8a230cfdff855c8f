/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables as one JSON object, for the timeline page.
 */
#ifndef TOOLS_EXPLAIN_JSON_H
#define TOOLS_EXPLAIN_JSON_H

#include <stdbool.h>
#include <stdio.h>

/*
 * {"causes": [..], "csrs": [..], "sbi": [..], "verdicts": [..]}, on one line. False where the file
 * took not all of it.
 *
 * A cause has code, interrupt, name, words, why, done, source. A CSR has number, name, words,
 * source, fields (name, high, low, words, values of value and words). An extension has extension,
 * name, words, source, refused, any_function (a6 says nothing: its one function is meant) and
 * functions (number, name, words, source, refused). A verdict has number, name, words.
 */
bool json_write(FILE *file);

#endif
