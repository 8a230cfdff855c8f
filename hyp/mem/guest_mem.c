/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The checked door to guest memory: the only file that makes a pointer from a guest's number.
 * Nothing here trusts gpa or size; they come from registers, rings and tables of a guest. What
 * the bytes mean is the caller's matter.
 */
#include "mem/guest_mem.h"

#include "lib/err.h"
#include "lib/string.h"

/* What one leaf maps of a range: `size` bytes at `bytes`; size is 0 where it maps none. */
struct span {
    uint8_t *bytes;
    uint64_t size;
};

/* What a debugger took from the guest, it did not take from us. */
static bool has_rights(uint64_t pte, uint64_t rights)
{
    return (pte & PTE_WATCHED) || (pte & rights) == rights;
}

/*
 * The start of [gpa, gpa + size), as far as one leaf maps it with all of `rights`. A sum of gpa
 * and size that passes 2^64 does no harm: no leaf maps anything above 41 bits.
 */
static struct span span_at(const struct gstage *gstage, gpa_t gpa, uint64_t size, uint64_t rights)
{
    struct gstage_leaf leaf;
    if (!gstage_walk(gstage, gpa, &leaf) || !has_rights(leaf.pte, rights))
        return (struct span){.size = 0};
    uint64_t leaf_size = GSTAGE_LEAF_SIZE(leaf.level);
    return (struct span){
        .bytes = (uint8_t *)leaf.hpa,
        .size = min_u64(size, leaf_size - gpa % leaf_size),
    };
}

int guest_mem_check(const struct gstage *gstage, gpa_t gpa, uint64_t size, uint64_t rights)
{
    for (struct span span; size > 0; gpa += span.size, size -= span.size) {
        span = span_at(gstage, gpa, size, rights);
        if (span.size == 0)
            return ERR_RANGE;
    }
    return 0;
}

int guest_mem_read(const struct gstage *gstage, gpa_t gpa, void *to, size_t size)
{
    if (guest_mem_check(gstage, gpa, size, PTE_R))
        return ERR_RANGE;
    uint8_t *bytes = to;
    for (size_t done = 0; done < size;) {
        struct span span = span_at(gstage, gpa + done, size - done, PTE_R);
        memcpy(bytes + done, span.bytes, span.size);
        done += span.size;
    }
    return 0;
}

int guest_mem_write(const struct gstage *gstage, gpa_t gpa, const void *from, size_t size)
{
    if (guest_mem_check(gstage, gpa, size, PTE_W))
        return ERR_RANGE;
    const uint8_t *bytes = from;
    for (size_t done = 0; done < size;) {
        struct span span = span_at(gstage, gpa + done, size - done, PTE_W);
        memcpy(span.bytes, bytes + done, span.size);
        done += span.size;
    }
    return 0;
}

int guest_mem_clear(const struct gstage *gstage, gpa_t gpa, size_t size)
{
    if (guest_mem_check(gstage, gpa, size, PTE_W))
        return ERR_RANGE;
    for (size_t done = 0; done < size;) {
        struct span span = span_at(gstage, gpa + done, size - done, PTE_W);
        memset(span.bytes, 0, span.size);
        done += span.size;
    }
    return 0;
}
