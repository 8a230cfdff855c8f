/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring costs four megabytes, so it comes when traces are first wanted; then it stays, as its hart
 * may be about to write to it whenever it is taken away.
 */
#include "monitor/tracing.h"

#include "lib/err.h"
#include "life/life.h"
#include "mem/pages.h"
#include "sched/balance.h"
#include "trace/control.h"
#include "trace/stream.h"
#include "vcpu/vscsr.h"

static int add_ring(struct hart *hart)
{
    hpa_t records;

    if (hart->head.ring)
        return 0;
    records = pages_alloc(pages_order(TRACE_RING_SIZE), PAGES_OWNER_HYP);
    if (!records)
        return ERR_NO_MEMORY;
    trace_ring_init(&hart->ring, hart->index, (void *)records, TRACE_RING_SIZE);
    trace_add(&hart->ring);
    /* Release: the hart finds a whole ring. */
    __atomic_store_n(&hart->head.ring, &hart->ring, __ATOMIC_RELEASE);
    return 0;
}

int tracing_start(uint64_t mask)
{
    if (!trace_is_there())
        return ERR_STATE;
    for (struct hart *hart = balance_harts(); hart; hart = hart->next) {
        int err = add_ring(hart);

        if (err)
            return err;
    }
    trace_stream_start(mask, vscsr_time());
    trace_set_mask(mask);
    life_observe();
    return 0;
}

void tracing_stop(void)
{
    trace_set_mask(0);
    life_observe();
    trace_stream_stop();
}
