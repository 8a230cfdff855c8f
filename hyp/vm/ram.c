/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VM's RAM: blocks of pages, mapped into its G-stage one after the other. Called by vm/vm.c.
 */
#include "vm/ram.h"

#include "lib/err.h"
#include "mem/pages.h"

/* The largest block that fits what is left and stands on an address aligned to its size, so that
 * the G-stage gets the largest leaves; smaller ones where memory has become small-grained. */
static int add_block(struct vm *vm, gpa_t gpa, uint64_t left, uint64_t *size)
{
    for (unsigned order = PAGES_ORDER_MAX + 1; order-- > 0;) {
        hpa_t hpa;
        int err;

        *size = PAGE_SIZE << order;
        if (*size > left || !is_aligned(gpa, *size))
            continue;
        hpa = pages_alloc(order, vm->id);
        if (!hpa)
            continue;
        err = gstage_map(&vm->gstage, gpa, hpa, *size, PTE_R | PTE_W | PTE_X);
        if (err)
            pages_free(hpa, order);
        return err;
    }
    return ERR_NO_MEMORY;
}

int ram_add(struct vm *vm)
{
    uint64_t memory = vm->config.memory;
    uint64_t done = 0, size;

    while (done < memory) {
        int err = add_block(vm, BOARD_RAM_BASE + done, memory - done, &size);

        if (err)
            return err;
        done += size;
    }
    return 0;
}

/* The table itself says which blocks the RAM is made of. */
void ram_free(struct vm *vm)
{
    gpa_t gpa = BOARD_RAM_BASE;
    struct gstage_leaf leaf;

    while (gstage_walk(&vm->gstage, gpa, &leaf)) {
        unsigned order = pages_block_order(leaf.hpa);

        pages_free(leaf.hpa, order);
        gpa += PAGE_SIZE << order;
    }
}
