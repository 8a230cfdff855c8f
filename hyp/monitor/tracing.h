/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traces on and off: rings for the harts, the stream, and the vCPUs that are observed then.
 * Between orders, on the hart that carries them out.
 */
#ifndef MONITOR_TRACING_H
#define MONITOR_TRACING_H

#include <stdint.h>

/* Records the categories of `mask`, which is not 0, from now on; a new stream begins. ERR_NO_MEMORY
 * where a hart can have no ring, ERR_STATE where this image has no trace points. */
int tracing_start(uint64_t mask);

/* Records nothing any more; the stream ends when all of it has left. */
void tracing_stop(void);

#endif
