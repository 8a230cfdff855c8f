/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a test gets out of a function that never returns: the fake that has nothing more to give
 * ends it.
 */
#ifndef FAKES_END_H
#define FAKES_END_H

enum end {
    END_RETURNED, /* nobody ended it */
    END_SCRIPT,   /* vcpu_enter: the scripted exits are used up (fakes/enter.h) */
    END_ASLEEP,   /* platform_wait: nothing would ever wake the hart (fakes/board.h) */
    END_EXIT,     /* platform_exit was called */
};

/* Calls act(argument) and says how it ended. Not to be nested. */
enum end end_of(void (*act)(void *argument), void *argument);

/* For fakes: ends the act. Fails the test outside of end_of. */
_Noreturn void end_now(enum end end);

#endif
