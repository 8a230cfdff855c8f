/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine of five states for what comes in, byte by byte. A packet that is too long has its end
 * and sum all the same, and counts as an empty one, which nobody knows.
 */
#include "gdb/packet.h"

#include "lib/bits.h"
#include "lib/digit.h"
#include "lib/string.h"

#define CTRL_C      0x03
#define ESCAPE      '}'
#define ESCAPE_FLIP 0x20

static const char digits[] = "0123456789abcdef";
static const char escaped[] = {'#', '$', '}', '*'};

static void begin_packet(struct packet_in *in)
{
    in->state = PACKET_INSIDE;
    in->length = 0;
    in->is_too_long = false;
    in->sum = 0;
}

static enum packet_event take_outside(struct packet_in *in, uint8_t byte)
{
    switch (byte) {
    case '$':
        begin_packet(in);
        return PACKET_NOTHING;
    case '+':
        return PACKET_GOOD_ACK;
    case '-':
        return PACKET_BAD_ACK;
    case CTRL_C:
        return PACKET_INTERRUPT;
    default:
        return PACKET_NOTHING;
    }
}

static void keep(struct packet_in *in, uint8_t byte)
{
    if (in->length < PACKET_MAX)
        in->text[in->length++] = (char)byte;
    else
        in->is_too_long = true;
}

static void take_inside(struct packet_in *in, uint8_t byte)
{
    if (byte == '$') { /* the one before it was never ended */
        begin_packet(in);
        return;
    }
    if (byte == '#') {
        in->state = PACKET_SUM_HIGH;
        return;
    }
    in->sum = (uint8_t)(in->sum + byte);
    if (in->state == PACKET_ESCAPED) {
        keep(in, byte ^ ESCAPE_FLIP);
        in->state = PACKET_INSIDE;
    } else if (byte == ESCAPE) {
        in->state = PACKET_ESCAPED;
    } else {
        keep(in, byte);
    }
}

static enum packet_event finish(struct packet_in *in, uint8_t byte)
{
    unsigned low = digit_value((char)byte);

    in->state = PACKET_OUTSIDE;
    if (low > 15 || in->said + low != in->sum)
        return PACKET_BAD;
    if (in->is_too_long)
        in->length = 0;
    in->text[in->length] = '\0';
    return PACKET_WHOLE;
}

enum packet_event packet_take(struct packet_in *in, uint8_t byte)
{
    unsigned high;

    switch (in->state) {
    case PACKET_OUTSIDE:
        return take_outside(in, byte);
    case PACKET_INSIDE:
    case PACKET_ESCAPED:
        take_inside(in, byte);
        return PACKET_NOTHING;
    case PACKET_SUM_HIGH:
        high = digit_value((char)byte);
        in->said = (uint8_t)(high * 16);
        in->state = high > 15 ? PACKET_OUTSIDE : PACKET_SUM_LOW;
        return high > 15 ? PACKET_BAD : PACKET_NOTHING;
    default:
        return finish(in, byte);
    }
}

void packet_clear(struct packet_out *out)
{
    out->length = 0;
    out->is_cut = false;
}

static void put(struct packet_out *out, const char *bytes, size_t count)
{
    if (out->is_cut || count > sizeof(out->text) - out->length) {
        out->is_cut = true;
        return;
    }
    memcpy(out->text + out->length, bytes, count);
    out->length += count;
}

void packet_put_text(struct packet_out *out, const char *text)
{
    put(out, text, strlen(text));
}

void packet_put_number(struct packet_out *out, uint64_t value)
{
    char text[16];
    size_t at = sizeof(text);

    do {
        text[--at] = digits[value % 16];
        value /= 16;
    } while (value > 0);
    put(out, text + at, sizeof(text) - at);
}

void packet_put_hex(struct packet_out *out, const void *bytes, size_t count)
{
    const uint8_t *from = bytes;

    for (size_t i = 0; i < count; i++) {
        char pair[2] = {digits[from[i] / 16], digits[from[i] % 16]};

        put(out, pair, sizeof(pair));
    }
}

void packet_put_binary(struct packet_out *out, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char pair[2] = {ESCAPE, (char)(bytes[i] ^ ESCAPE_FLIP)};

        if (memchr(escaped, bytes[i], sizeof(escaped)))
            put(out, pair, sizeof(pair));
        else
            put(out, &bytes[i], 1);
    }
}

void packet_send(const struct packet_out *out, void (*write)(const char *bytes, size_t count))
{
    char end[3] = {'#'};
    uint8_t sum = 0;

    for (size_t i = 0; i < out->length; i++)
        sum = (uint8_t)(sum + (uint8_t)out->text[i]);
    end[1] = digits[sum / 16];
    end[2] = digits[sum % 16];
    write("$", 1);
    write(out->text, out->length);
    write(end, sizeof(end));
}
