/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for mem/fence.c: each fence leaves its word in the trace, "fence.vvma" or "fence.i".
 */
#include "mem/fence.h"

#include "fakes/trace.h"

void fence_vvma_local(void)
{
    trace_note("fence.vvma");
}

void fence_i_local(void)
{
    trace_note("fence.i");
}
