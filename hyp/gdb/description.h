/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The target description: which registers a vCPU of this machine has, in XML. GDB manual, appendix
 * "Target Descriptions".
 */
#ifndef GDB_DESCRIPTION_H
#define GDB_DESCRIPTION_H

#include <stddef.h>

/* The text, ended by NUL, and its length. The same at each call. */
const char *description_text(size_t *text_length);

#endif
