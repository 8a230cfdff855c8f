/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traps as a guest takes them: a handler for what is expected to come, a way to try something
 * that may raise an exception, and running user-mode code until it traps.
 */
#ifndef LIB_TRAP_H
#define LIB_TRAP_H

#include "lib/bits.h"
#include "lib/trap_layout.h"

/* Registers at the moment of a trap. trap_layout.h has the offsets for assembly. */
struct trap_frame {
    uint64_t x[32];
    uint64_t sepc, sstatus, scause, stval;
    uint64_t kernel_sp; /* trap_user_run: where to come back to */
    uint64_t unused;
};

enum { REG_RA = 1, REG_SP = 2, REG_A0 = 10, REG_A1, REG_A2, REG_A3, REG_A7 = 17 };

typedef void trap_handler(struct trap_frame *frame);
typedef uint64_t trap_try_fn(uint64_t a, uint64_t b);

/* What came of a try. Where no exception was raised `value` is what the function returned. */
struct trap_seen {
    bool taken;
    uint64_t cause, tval, epc;
    uint64_t value;
};

/*
 * Handles every trap of the kernel, on all harts, that no try waits for; NULL: such a trap ends
 * the guest with FAIL. Interrupts are off in it. It moves frame->sepc itself.
 */
void trap_set_handler(trap_handler *handler);

/* Calls fn(a, b). An exception in it (not an interrupt) ends it and is reported. */
struct trap_seen trap_try(trap_try_fn *fn, uint64_t a, uint64_t b);

/* Enters user mode as frame says; returns when it traps, with the trap in the frame. Interrupts
 * of the supervisor are on meanwhile. trap_user_init makes the frame of a fresh program. */
void trap_user_run(struct trap_frame *frame);
void trap_user_init(struct trap_frame *frame, uint64_t pc, uint64_t sp);

/* Lets interrupts come, or not; return what was before, for trap_interrupts_restore. */
bool trap_interrupts_on(void);
bool trap_interrupts_off(void);
void trap_interrupts_restore(bool were_on);

/* "taken" with that cause. */
static inline bool trap_is(const struct trap_seen *seen, uint64_t cause)
{
    return seen->taken && seen->cause == cause;
}

#endif
