/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why a bundle, a configuration or a kernel was turned down, in words for the person who wrote
 * it. The words may quote what an untrusted file says; they stay printable.
 */
#ifndef VM_REFUSAL_H
#define VM_REFUSAL_H

struct refusal {
    char text[160]; /* what is longer is cut */
};

/* Sets the text and returns `err`, so that a check ends in `return refusal_set(...)`. Bytes that
 * are not printable ASCII become '?'. */
int refusal_set(struct refusal *refusal, int err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts the place (a node's path, say) in front of the reason that is there. */
void refusal_prepend(struct refusal *refusal, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
