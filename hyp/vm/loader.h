/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where things go in a new VM's memory: kernel, ramdisk, device tree. First a plan, which can
 * fail and touches nothing, then the copies.
 */
#ifndef VM_LOADER_H
#define VM_LOADER_H

#include "vm/kernel.h"

struct loader_plan {
    struct kernel kernel;
    gpa_t ramdisk; /* start of a page; 0 without one */
    gpa_t fdt;     /* start of a page, of 2 MiB if there is room */
    uint64_t fdt_room;
};

/*
 * Plans the memory of the VM that `config` (from bundle_config) describes, with `fdt_room` bytes
 * for its device tree. On failure `refusal` says why. Nothing overlaps, all is in the VM's RAM.
 */
int loader_plan(const struct vm_config *config, uint64_t fdt_room, struct loader_plan *plan,
                struct refusal *refusal);

/*
 * Copies all three into guest memory; .bss is cleared, other memory is left as it is. The caller
 * fences the instruction fetches. ERR_RANGE where memory is not mapped as planned or the tree
 * is larger than its room.
 */
int loader_copy(const struct vm_config *config, const struct loader_plan *plan,
                const struct gstage *gstage, const void *fdt, uint64_t fdt_size);

#endif
