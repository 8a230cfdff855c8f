/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boot arguments: words parted by spaces, each a `name` or a `name=value`.
 */
#ifndef LIB_ARGS_H
#define LIB_ARGS_H

#include <stdbool.h>
#include <stddef.h>

/* The value of the first word of that name, `*length` characters without a NUL: none where the
 * word is the bare name. NULL where there is no such word. `args` is ended by NUL. */
const char *args_find(const char *args, const char *name, size_t *length);

/* True where there is such a word, with a value or without. */
bool args_has(const char *args, const char *name);

#endif
