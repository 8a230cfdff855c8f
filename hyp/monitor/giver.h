/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What somebody who may give orders has to say when he is asked.
 */
#ifndef MONITOR_GIVER_H
#define MONITOR_GIVER_H

enum giver_event {
    GIVER_NOTHING, /* no order, until more comes in */
    GIVER_BUSY,    /* none yet; ask again soon */
    GIVER_ORDER,
};

#endif
