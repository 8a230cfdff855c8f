/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A board with a timer. Waiting lets the time of fakes/vscsr.h pass until the timer's; with no
 * timer set and no hook the machine would sleep for ever, and the act ends (END_ASLEEP,
 * fakes/end.h). platform_exit ends it too (END_EXIT).
 *
 * Words in the trace: "timer:1234" or "timer:none", "wait", "interrupts", "exit:3",
 * "port:its.name".
 */
#ifndef FAKES_BOARD_H
#define FAKES_BOARD_H

#include "platform.h"

struct board_fake {
    uint64_t timer; /* what platform_timer_set was last told; UINT64_MAX after it fired */
    unsigned timer_sets;
    void (*wait_hook)(void);       /* instead of waiting for the timer, or NULL */
    void (*interrupts_hook)(void); /* called by platform_interrupts, or NULL */
    enum platform_status status;   /* of platform_exit */
    char port_text[32768];         /* all that platform_port_write was given, ended by NUL */
    size_t port_count;
    bool port_is_left;   /* what platform_port_is_left says */
    const char *port_in; /* what platform_port_read gives, whatever the port */
    bool looks;          /* what platform_look was last told */
    bool post_stalls;    /* what platform_port_post is given stays there */
    bool post_is_kept;   /* something does */
    void (*post_hook)(const void *bytes, size_t size); /* called by each post, or NULL */
};

extern struct board_fake board_fake;

/* No timer, no hooks, nothing written; platform is all zero. */
void board_reset(void);

#endif
