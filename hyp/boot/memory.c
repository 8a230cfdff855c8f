/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RAM of the device tree minus the reserved ranges. Comes after platform_init, before hyp_map.c.
 */
#include "boot/memory.h"

#include "boot/image.h"
#include "mem/pages.h"
#include "platform.h"

/* The first taken range, by address, that touches [base, end); false where there is none. */
static bool find_taken(hpa_t base, hpa_t end, struct platform_range *found)
{
    const struct platform_range image = {(hpa_t)image_start, (uint64_t)(image_end - image_start)};
    bool is_found = false;

    for (unsigned i = 0; i <= platform.reserved_count; i++) {
        const struct platform_range *range =
            i < platform.reserved_count ? &platform.reserved[i] : &image;

        if (range->base < end && range->base + range->size > base &&
            (!is_found || range->base < found->base)) {
            *found = *range;
            is_found = true;
        }
    }
    return is_found;
}

static void visit_pages(hpa_t base, hpa_t end, void (*visit)(hpa_t base, uint64_t size))
{
    base = align_up(base, PAGE_SIZE);
    end = align_down(end, PAGE_SIZE);
    if (base < end)
        visit(base, end - base);
}

static void visit_range(hpa_t base, hpa_t end, void (*visit)(hpa_t base, uint64_t size))
{
    struct platform_range taken = {0};

    while (base < end && find_taken(base, end, &taken)) {
        if (taken.base > base)
            visit_pages(base, taken.base, visit);
        base = taken.base + taken.size;
    }
    if (base < end)
        visit_pages(base, end, visit);
}

void memory_each_free(void (*visit)(hpa_t base, uint64_t size))
{
    for (unsigned i = 0; i < platform.memory_count; i++)
        visit_range(platform.memory[i].base, platform.memory[i].base + platform.memory[i].size,
                    visit);
}

/* A piece that is too small for its own records is no loss. */
static void add(hpa_t base, uint64_t size)
{
    pages_add(base, size);
}

void memory_init(void)
{
    pages_init();
    memory_each_free(add);
}
