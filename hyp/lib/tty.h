/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A terminal line as the hypervisor offers it to a VM: where its console's bytes go and come
 * from. No function waits.
 */
#ifndef LIB_TTY_H
#define LIB_TTY_H

#include <stddef.h>
#include <stdint.h>

struct tty {
    void (*write)(struct tty *self, const uint8_t *bytes, size_t count);
    /* Takes at most `count` of the bytes that wait; returns how many. */
    size_t (*read)(struct tty *self, uint8_t *bytes, size_t count);
    /* Shows what was written so far, also where it waits for the end of its line. */
    void (*flush)(struct tty *self);
};

#endif
