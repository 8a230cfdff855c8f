/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets of small numbers in words, as people write them: "0-2,5".
 */
#ifndef LIB_RANGES_H
#define LIB_RANGES_H

#include <stdbool.h>
#include <stdint.h>

#define RANGES_MAX 63

/* Numbers and ranges from 0 to RANGES_MAX, commas between them, nothing else; bit n of *set is
 * number n. False, and *set is undefined, where `text` is no such list, or empty. */
bool ranges_parse(const char *text, uint64_t *set);

#endif
