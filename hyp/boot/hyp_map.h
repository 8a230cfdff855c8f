/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor's own page tables: one to one, nothing both writable and executable, RAM never
 * executable, no page below a stack.
 */
#ifndef BOOT_HYP_MAP_H
#define BOOT_HYP_MAP_H

#include "mem/addr.h"

#include <stdbool.h>

/* The word for satp, the same for every hart. */
extern uint64_t hyp_map_satp;

/* Builds the tables and turns translation on for this hart. The page pool is there. */
void hyp_map_init(void);

/* Takes the page at `hpa` out of the map: whoever touches it falls, on this hart
 * at once, on others after their next SFENCE.VMA. Before guests run. */
void hyp_map_guard(hpa_t hpa);

/* True where RAM up to `end` can be reached by the map. */
bool hyp_map_reaches(hpa_t end);

#endif
