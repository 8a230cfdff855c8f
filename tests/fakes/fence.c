/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for mem/fence.c: each fence leaves its word in the trace: "fence.vvma", "fence.i";
 * with an address and an ASID, where there is one: "fence.vvma:1000", "fence.vvma::7",
 * "fence.vvma:1000:7".
 */
#include "mem/fence.h"

#include "fakes/trace.h"

void fence_vvma_local(void)
{
    trace_note("fence.vvma");
}

void fence_vvma_asid_local(uint64_t asid)
{
    trace_note("fence.vvma::%lx", asid);
}

void fence_vvma_page_local(gva_t gva)
{
    trace_note("fence.vvma:%lx", gva);
}

void fence_vvma_page_asid_local(gva_t gva, uint64_t asid)
{
    trace_note("fence.vvma:%lx:%lx", gva, asid);
}

void fence_i_local(void)
{
    trace_note("fence.i");
}
