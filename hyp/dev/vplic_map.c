/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where each register of the interrupt controller lies, and which act of vplic.c stands behind
 * it: PLIC 3 (Memory Map). Registers are 32 bits wide; an access of another size, or to what is
 * not there, reads 0 and writes nothing.
 */
#include "dev/vplic_map.h"

#include "dev/vplic.h"
#include "lib/bits.h"

#define PENDING_BASE   0x001000
#define ENABLE_BASE    0x002000
#define ENABLE_STRIDE  0x80
#define CONTEXT_BASE   0x200000
#define CONTEXT_STRIDE 0x1000

/* Within the page of a context. */
#define CONTEXT_THRESHOLD 0x0
#define CONTEXT_CLAIM     0x4

/* A map of sources has 64 in a word; its registers show 32 each. */
#define MAP_REGISTERS (VPLIC_WORDS * 2)

enum kind { KIND_NONE, KIND_PRIORITY, KIND_PENDING, KIND_ENABLE, KIND_THRESHOLD, KIND_CLAIM };

/* A register: its kind, its number among those of the kind, and the context whose it is. */
struct place {
    enum kind kind;
    unsigned index;
    uint32_t context;
};

static struct place find_context_register(uint64_t offset)
{
    struct place place = {.context = (uint32_t)((offset - CONTEXT_BASE) / CONTEXT_STRIDE)};

    if (offset % CONTEXT_STRIDE == CONTEXT_THRESHOLD)
        place.kind = KIND_THRESHOLD;
    else if (offset % CONTEXT_STRIDE == CONTEXT_CLAIM)
        place.kind = KIND_CLAIM;
    return place;
}

static struct place find_enable_register(uint64_t offset)
{
    struct place place = {.index = (unsigned)(offset % ENABLE_STRIDE / 4),
                          .context = (uint32_t)((offset - ENABLE_BASE) / ENABLE_STRIDE)};

    if (place.index < MAP_REGISTERS)
        place.kind = KIND_ENABLE;
    return place;
}

static struct place find_source_register(uint64_t offset)
{
    struct place place = {.index = (unsigned)(offset % PENDING_BASE / 4)};

    if (offset >= PENDING_BASE && place.index < MAP_REGISTERS)
        place.kind = KIND_PENDING;
    else if (offset < PENDING_BASE && place.index > 0 && place.index <= VPLIC_SOURCES)
        place.kind = KIND_PRIORITY;
    return place;
}

static struct place find_register(const struct vplic *vplic, uint64_t offset, unsigned size)
{
    struct place place;

    if (offset >= CONTEXT_BASE)
        place = find_context_register(offset);
    else if (offset >= ENABLE_BASE)
        place = find_enable_register(offset);
    else
        place = find_source_register(offset);
    if (size != 4 || place.context >= vplic->context_count)
        place.kind = KIND_NONE;
    return place;
}

/* The half of a map's word that a register shows. */
static uint64_t half_mask(unsigned index)
{
    return index % 2 == 0 ? BITS(31, 0) : BITS(63, 32);
}

uint64_t vplic_map_read(struct vdev *self, uint64_t offset, unsigned size)
{
    struct vplic *vplic = (struct vplic *)self;
    struct place place = find_register(vplic, offset, size);

    switch (place.kind) {
    case KIND_PRIORITY: /* 0 to 7 */
        return vplic->priority[place.index];
    case KIND_PENDING: /* what the gateways let through: PLIC 5 (Interrupt Pending Bits) */
        return field_get(half_mask(place.index), vplic->pending[place.index / 2]);
    case KIND_ENABLE: /* what was written: PLIC 6 (Interrupt Enables) */
        return field_get(half_mask(place.index),
                         vplic->contexts[place.context].enable[place.index / 2]);
    case KIND_THRESHOLD: /* 0 to 7 */
        return vplic->contexts[place.context].threshold;
    case KIND_CLAIM: /* takes the best pending source of the context; 0 if there is none */
        return vplic_claim(vplic, place.context);
    default:
        return 0;
    }
}

static void write_enable(struct vplic *vplic, const struct place *place, uint64_t value)
{
    unsigned word = place->index / 2;
    uint64_t old = vplic->contexts[place->context].enable[word];

    vplic_set_enable(vplic, place->context, word, field_set(half_mask(place->index), old, value));
}

void vplic_map_write(struct vdev *self, uint64_t offset, unsigned size, uint64_t value)
{
    struct vplic *vplic = (struct vplic *)self;
    struct place place = find_register(vplic, offset, size);

    switch (place.kind) {
    case KIND_PRIORITY: /* WARL: the low three bits count */
        vplic_set_priority(vplic, place.index, (uint32_t)value);
        break;
    case KIND_ENABLE: /* bits of sources that do not exist stay 0 */
        write_enable(vplic, &place, value);
        break;
    case KIND_THRESHOLD: /* WARL: the low three bits count */
        vplic_set_threshold(vplic, place.context, (uint32_t)value);
        break;
    case KIND_CLAIM: /* completes the source that is written */
        vplic_complete(vplic, place.context, (uint32_t)value);
        break;
    default: /* pending bits are only read */
        break;
    }
}
