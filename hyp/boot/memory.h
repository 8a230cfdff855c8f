/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's RAM, less what is taken: what the page pool gets and what is mapped for data.
 */
#ifndef BOOT_MEMORY_H
#define BOOT_MEMORY_H

#include "mem/addr.h"

/* Hands every range of RAM that is neither reserved nor our image to `visit`, in whole pages. */
void memory_each_free(void (*visit)(hpa_t base, uint64_t size));

/* Gives all of it to the page pool. */
void memory_init(void);

#endif
