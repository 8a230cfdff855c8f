/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop that every hart runs.
 */
#ifndef SCHED_RUN_H
#define SCHED_RUN_H

#include "sched/hart.h"

/* Runs the vCPUs whose home this hart is, for ever. */
_Noreturn void run_forever(struct hart *hart);

#endif
