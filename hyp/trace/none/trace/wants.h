/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands in for trace/wants.h in an image without trace points: nothing is ever wanted, so the
 * compiler leaves them all out.
 */
#ifndef TRACE_WANTS_H
#define TRACE_WANTS_H

#include "trace/record.h"

static inline bool trace_wants(enum trace_category category)
{
    (void)category;
    return false;
}

#endif
