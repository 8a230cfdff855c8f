/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for the console's channel as the back of a VM.
 */
#include "fakes/tty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void write_bytes(struct tty *self, const uint8_t *bytes, size_t count)
{
    struct tty_fake *fake = (struct tty_fake *)self;

    assert_true(fake->out_count + count < sizeof(fake->out));
    memcpy(fake->out + fake->out_count, bytes, count);
    fake->out_count += count;
    fake->out[fake->out_count] = '\0';
}

static size_t read_bytes(struct tty *self, uint8_t *bytes, size_t count)
{
    struct tty_fake *fake = (struct tty_fake *)self;
    size_t taken = count < fake->in_count ? count : fake->in_count;

    memcpy(bytes, fake->in, taken);
    fake->in_count -= taken;
    memmove(fake->in, fake->in + taken, fake->in_count);
    return taken;
}

static void flush(struct tty *self)
{
    ((struct tty_fake *)self)->flushes++;
}

void tty_init(struct tty_fake *fake)
{
    memset(fake, 0, sizeof(*fake));
    fake->tty = (struct tty){.write = write_bytes, .read = read_bytes, .flush = flush};
}

void tty_type(struct tty_fake *fake, const char *text)
{
    size_t count = strlen(text);

    assert_true(fake->in_count + count <= sizeof(fake->in));
    memcpy(fake->in + fake->in_count, text, count);
    fake->in_count += count;
}
