/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one door through which the hypervisor touches a guest's memory. A gpa from a guest is only
 * a number; here it is walked page by page through the guest's own G-stage table, and only what
 * a leaf maps with the needed right is touched.
 */
#ifndef MEM_GUEST_MEM_H
#define MEM_GUEST_MEM_H

#include "mem/gstage.h"

#include <stddef.h>

/*
 * Copies `size` bytes out of, or into, guest memory at `gpa`. ERR_RANGE where any byte is not
 * mapped readable (from) or writable (to); all pages are checked before the first byte moves.
 */
int guest_mem_read(const struct gstage *gstage, gpa_t gpa, void *to, size_t size);
int guest_mem_write(const struct gstage *gstage, gpa_t gpa, const void *from, size_t size);

/* As guest_mem_write, with zero bytes. */
int guest_mem_clear(const struct gstage *gstage, gpa_t gpa, size_t size);

/* Checks only: 0, or ERR_RANGE. `rights` of PTE_R, PTE_W, PTE_X. */
int guest_mem_check(const struct gstage *gstage, gpa_t gpa, uint64_t size, uint64_t rights);

#endif
