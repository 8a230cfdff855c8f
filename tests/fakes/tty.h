/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A terminal line that keeps what it is sent and gives what a test typed.
 */
#ifndef FAKES_TTY_H
#define FAKES_TTY_H

#include "lib/tty.h"

struct tty_fake {
    struct tty tty;
    unsigned flushes;
    char out[4096]; /* all that was written, ended by NUL */
    size_t out_count;
    char in[512]; /* what waits to be read */
    size_t in_count;
};

/* Nothing written, nothing typed. */
void tty_init(struct tty_fake *fake);

/* More text to be read. */
void tty_type(struct tty_fake *fake, const char *text);

#endif
