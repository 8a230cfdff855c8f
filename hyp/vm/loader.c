/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Places and copies. The kernel chooses its own place (kernel.c); the device tree and below it
 * the ramdisk go as high as they can, so that the memory behind the kernel, where kernels
 * keep their first page tables and heaps, stays free.
 */
#include "vm/loader.h"

#include "lib/err.h"
#include "mem/guest_mem.h"

/* As on QEMU's virt board: a tree that boot loaders with small first mappings reach. */
#define FDT_ALIGN  0x200000UL
#define FDT_WINDOW 0x40000000UL

struct area {
    gpa_t start;
    gpa_t end;
};

/*
 * The highest multiple of `align` with room for `size` bytes in the area, clear of the kernel and
 * of the device tree, if that has a place; 0 if there is none.
 */
static gpa_t place_find(const struct loader_plan *plan, struct area area, uint64_t size,
                        uint64_t align)
{
    const struct area taken[] = {
        {plan->kernel.start, plan->kernel.start + plan->kernel.size},
        {plan->fdt, plan->fdt ? plan->fdt + plan->fdt_room : 0},
    };

    while (area.start <= area.end && size <= area.end - area.start) {
        gpa_t place = align_down(area.end - size, align);

        if (place < area.start)
            return 0;
        for (unsigned i = 0; i < ARRAY_SIZE(taken); i++) {
            if (place < taken[i].end && place + size > taken[i].start)
                area.end = taken[i].start;
        }
        if (place + size <= area.end)
            return place;
    }
    return 0;
}

static gpa_t fdt_place(const struct loader_plan *plan, struct area area, uint64_t align)
{
    struct area window = {area.start, min_u64(area.end, BOARD_RAM_BASE + FDT_WINDOW)};
    gpa_t place = place_find(plan, window, plan->fdt_room, align);

    return place ? place : place_find(plan, area, plan->fdt_room, align);
}

/* Whole pages: a kernel that frees its ramdisk frees the pages that it touches. */
static gpa_t ramdisk_place(const struct loader_plan *plan, struct area area, uint64_t ramdisk_size)
{
    struct area below = {area.start, plan->fdt};
    uint64_t size = align_up(ramdisk_size, PAGE_SIZE);
    gpa_t place = place_find(plan, below, size, PAGE_SIZE);

    return place ? place : place_find(plan, area, size, PAGE_SIZE);
}

static bool places_find(struct loader_plan *plan, const struct vm_config *config, gpa_t floor,
                        uint64_t fdt_align)
{
    struct area area = {floor, BOARD_RAM_BASE + config->memory};

    plan->fdt = 0;
    plan->fdt = fdt_place(plan, area, fdt_align);
    if (!plan->fdt || !config->ramdisk)
        return plan->fdt != 0;
    plan->ramdisk = ramdisk_place(plan, area, config->ramdisk_size);
    return plan->ramdisk != 0;
}

int loader_plan(const struct vm_config *config, uint64_t fdt_room, struct loader_plan *plan,
                struct refusal *refusal)
{
    gpa_t kernel_end;
    int err = kernel_plan(config, &plan->kernel, refusal);

    if (err)
        return err;
    kernel_end = plan->kernel.start + plan->kernel.size;
    if (config->ramdisk_size > config->memory)
        return refusal_set(refusal, ERR_RANGE,
                           "ramdisk (%lu bytes) is larger than the VM's memory (%lu bytes)",
                           config->ramdisk_size, config->memory);
    plan->fdt_room = fdt_room;
    plan->ramdisk = 0;
    /* Older kernels lose the memory below themselves: only if there is no other. */
    if (places_find(plan, config, kernel_end, FDT_ALIGN) ||
        places_find(plan, config, kernel_end, PAGE_SIZE) ||
        places_find(plan, config, BOARD_RAM_BASE, PAGE_SIZE))
        return 0;
    return refusal_set(refusal, ERR_RANGE,
                       "kernel (%lu bytes), ramdisk (%lu bytes) and device tree do not fit "
                       "together into the VM's memory (%lu bytes)",
                       plan->kernel.size, config->ramdisk_size, config->memory);
}

int loader_copy(const struct vm_config *config, const struct loader_plan *plan,
                const struct gstage *gstage, const void *fdt, uint64_t fdt_size)
{
    int err = kernel_copy(config, &plan->kernel, gstage);

    if (!err && config->ramdisk)
        err = guest_mem_write(gstage, plan->ramdisk, config->ramdisk, config->ramdisk_size);
    if (!err && fdt_size > plan->fdt_room)
        err = ERR_RANGE;
    if (!err)
        err = guest_mem_write(gstage, plan->fdt, fdt, fdt_size);
    return err;
}
