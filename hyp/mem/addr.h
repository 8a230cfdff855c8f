/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose address a number is. gva: guest virtual, gpa: guest physical, hpa: host physical.
 * The hypervisor maps memory one to one, so an hpa of RAM may be turned into a pointer, and
 * only mem/guest_mem.c does that to what came from a guest.
 */
#ifndef MEM_ADDR_H
#define MEM_ADDR_H

#include "lib/bits.h"

typedef uint64_t gva_t;
typedef uint64_t gpa_t;
typedef uint64_t hpa_t;

#define PAGE_SHIFT 12
#define PAGE_SIZE  BIT(PAGE_SHIFT)

#endif
