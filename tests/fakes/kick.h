/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts the kicks. Which hart the caller is on nobody knows here: a kick to the own hart counts
 * too, though on the machine it does nothing.
 */
#ifndef FAKES_KICK_H
#define FAKES_KICK_H

#include "vcpu/kick.h"

struct kick_fake {
    unsigned count;                             /* atomic */
    unsigned sure;                              /* atomic; of them, those of kick_hart */
    const struct vcpu_home *last;               /* whom the last one was for */
    void (*hook)(const struct vcpu_home *home); /* called by each, or NULL */
};

/* Start state: all zero. */
extern struct kick_fake kick_fake;

#endif
