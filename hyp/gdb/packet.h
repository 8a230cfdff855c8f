/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frame of GDB's remote protocol: `$`, what is said, `#` and two digits of a sum; `+` and `-`
 * for those that arrived well or not; and 0x03 for Ctrl-C. What is said is command.c's matter. The
 * protocol is appendix "GDB Remote Serial Protocol" of the GDB manual.
 */
#ifndef GDB_PACKET_H
#define GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 8192 /* what is said, without its frame; PacketSize */

enum packet_event {
    PACKET_NOTHING,
    PACKET_WHOLE,     /* what is said stands in text */
    PACKET_BAD,       /* its sum is wrong */
    PACKET_INTERRUPT, /* Ctrl-C */
    PACKET_GOOD_ACK,
    PACKET_BAD_ACK,
};

/* A packet on its way in. Start state: all zero. */
struct packet_in {
    enum { PACKET_OUTSIDE, PACKET_INSIDE, PACKET_ESCAPED, PACKET_SUM_HIGH, PACKET_SUM_LOW } state;
    char text[PACKET_MAX + 1]; /* without escapes, ended by NUL; empty where it was too long */
    size_t length;
    bool is_too_long;
    uint8_t sum;
    uint8_t said; /* what the sum should be */
};

/* Takes in the next byte. `text` stays until the next one. */
enum packet_event packet_take(struct packet_in *in, uint8_t byte);

/* A packet on its way out. What does not fit is left out, and is_cut says so. */
struct packet_out {
    char text[PACKET_MAX];
    size_t length;
    bool is_cut;
};

void packet_clear(struct packet_out *out);
void packet_put_text(struct packet_out *out, const char *text);
/* A number in hexadecimal, without leading zeros; bytes as two digits each; bytes as they are, with
 * escapes where that must be. */
void packet_put_number(struct packet_out *out, uint64_t value);
void packet_put_hex(struct packet_out *out, const void *bytes, size_t count);
void packet_put_binary(struct packet_out *out, const char *bytes, size_t count);

/* Hands the packet to `write`, in its frame. */
void packet_send(const struct packet_out *out, void (*write)(const char *bytes, size_t count));

#endif
