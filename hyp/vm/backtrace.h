/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a guest got to where it is: return addresses, found without symbols.
 */
#ifndef VM_BACKTRACE_H
#define VM_BACKTRACE_H

#include "mem/gstage.h"

#define BACKTRACE_MAX 16

/* Where an address was found. */
enum backtrace_source {
    BACKTRACE_PC,    /* where it is */
    BACKTRACE_RA,    /* the register; its caller, or the last place in it that was returned to */
    BACKTRACE_FRAME, /* by the chain of frame pointers */
    BACKTRACE_STACK, /* on the stack; it may be an old one */
};

struct backtrace {
    unsigned count;
    struct {
        uint64_t pc;
        enum backtrace_source source;
    } frames[BACKTRACE_MAX]; /* the innermost first */
};

/*
 * Of a guest at `pc` with the registers x[32] and the page tables of `vsatp`. Frames are those that
 * compilers keep in s0 (return address at s0 - 8, the caller's s0 at s0 - 16); where there is none,
 * 4 KiB of the stack are looked through. What is found stands behind a call, in memory that can be
 * executed. The guest's words are believed in nothing else: memory is read through its own
 * translation and the checked door, and the number of reads is bounded.
 */
void backtrace_take(const struct gstage *gstage, uint64_t vsatp, const uint64_t *x, uint64_t pc,
                    struct backtrace *backtrace);

/* "pc", "ra", "frame", "stack". */
const char *backtrace_source_text(enum backtrace_source source);

#endif
