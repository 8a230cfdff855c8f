/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our own mistakes. Never reached by what a guest, a bundle or a command line says.
 */
#ifndef LIB_ASSERT_H
#define LIB_ASSERT_H

/* Prints the message and stops the whole machine; boot/panic.c in the image. */
_Noreturn void panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define assert(condition)                                                                          \
    ((condition) ? (void)0 : panic("%s:%d: assertion failed: %s", __FILE__, __LINE__, #condition))

#endif
