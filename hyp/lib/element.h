/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a part of a struct to the whole: links and nodes stand inside what they link.
 */
#ifndef LIB_ELEMENT_H
#define LIB_ELEMENT_H

#include <stddef.h>

/* `part` points to the field `member` of a struct `type`. */
#define ELEMENT_OF(part, type, member) ((type *)(((char *)(part)) - offsetof(type, member)))

#endif
