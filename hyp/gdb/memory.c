/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page by page through mem/walk.h and the door of mem/guest_mem.h.
 */
#include "gdb/memory.h"

#include "lib/err.h"
#include "mem/walk.h"
#include "vm/vm.h"

int memory_translate(const struct vcpu *vcpu, gva_t gva, gpa_t *gpa)
{
    struct walk walk;

    walk_guest(&vcpu->vm->gstage, vcpu->csrs.vsatp, gva, &walk);
    if (walk.vs.end != WALK_DONE || walk.g.end != WALK_DONE)
        return ERR_RANGE;
    *gpa = walk.vs.to;
    return 0;
}

/* Within the page of `gva`. */
static size_t left_in_page(gva_t gva, size_t size)
{
    return min_u64(size, PAGE_SIZE - gva % PAGE_SIZE);
}

size_t memory_read(const struct vcpu *vcpu, gva_t gva, void *to, size_t size)
{
    size_t done = 0;
    gpa_t gpa;

    while (done < size) {
        size_t count = left_in_page(gva + done, size - done);

        if (memory_translate(vcpu, gva + done, &gpa) ||
            guest_mem_read(&vcpu->vm->gstage, gpa, (uint8_t *)to + done, count))
            break;
        done += count;
    }
    return done;
}

size_t memory_write(const struct vcpu *vcpu, gva_t gva, const void *from, size_t size)
{
    size_t done = 0;
    gpa_t gpa;

    while (done < size) {
        size_t count = left_in_page(gva + done, size - done);

        if (memory_translate(vcpu, gva + done, &gpa) ||
            guest_mem_write(&vcpu->vm->gstage, gpa, (const uint8_t *)from + done, count))
            break;
        done += count;
    }
    return done;
}

unsigned memory_insn(const struct vcpu *vcpu, gva_t gva, uint32_t *word)
{
    uint16_t half[2] = {0};

    if (memory_read(vcpu, gva, &half[0], 2) < 2)
        return 0;
    *word = half[0];
    if ((half[0] & 3) != 3)
        return 2;
    if (memory_read(vcpu, gva + 2, &half[1], 2) < 2)
        return 0;
    *word |= (uint32_t)half[1] << 16;
    return 4;
}
