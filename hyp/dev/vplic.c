/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt controller at work: which device's wire reaches which vCPU. A device raises its
 * wire (vplic_set_level), a vCPU's external interrupt follows (`out`), the guest claims and
 * completes. The registers by which it does so are in vplic_map.c. Sections are those of the
 * RISC-V PLIC specification 1.0.0.
 */
#include "dev/vplic.h"

#include "dev/vplic_map.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"

_Static_assert(offsetof(struct vplic, vdev) == 0, "a vdev is cast to its vplic");
_Static_assert((VPLIC_PRIORITY_MAX & (VPLIC_PRIORITY_MAX + 1)) == 0, "priorities are a bit field");

/* The sources that exist, in word `word` of a map: 1 to VPLIC_SOURCES. */
static uint64_t sources_in(unsigned word)
{
    uint64_t all = word == VPLIC_WORDS - 1 ? BITS(VPLIC_SOURCES % 64, 0) : UINT64_MAX;

    return word == 0 ? all & ~BIT(0) : all;
}

/*
 * The pending and enabled source of the highest priority, the lowest number among equals; 0 if
 * there is none. Priority 0 never interrupts: PLIC 4 (Interrupt Priorities).
 */
static unsigned best_source(const struct vplic *vplic, const struct vplic_context *context)
{
    unsigned best = 0; /* priority[0] is 0 for ever */

    for (unsigned word = 0; word < VPLIC_WORDS; word++) {
        uint64_t bits = vplic->pending[word] & context->enable[word];
        for (; bits; bits &= bits - 1) {
            unsigned source = word * 64 + lowest_bit(bits);
            if (vplic->priority[source] > vplic->priority[best])
                best = source;
        }
    }
    return best;
}

static void show_output(const struct vplic *vplic, uint32_t number)
{
    struct irq_line line = vplic->out;

    line.number = number;
    irq_line_set(&line, vplic->contexts[number].output);
}

/* Priorities up to the threshold are masked: PLIC 7 (Priority Thresholds). */
static void update_context(struct vplic *vplic, uint32_t number)
{
    struct vplic_context *context = &vplic->contexts[number];
    bool output = vplic->priority[best_source(vplic, context)] > context->threshold;

    if (output != context->output) {
        context->output = output;
        show_output(vplic, number);
    }
}

/* A source changed: updates the contexts that have it enabled, from `first` on, and looks at no
 * more of them than needed. Mostly there is one, and a claim comes from it. */
static void update_source(struct vplic *vplic, unsigned source, uint32_t first)
{
    uint32_t left = vplic->enabled_in[source];
    uint32_t number = first;

    for (uint32_t seen = 0; left > 0 && seen < vplic->context_count; seen++) {
        if (bitmap_get(vplic->contexts[number].enable, source)) {
            update_context(vplic, number);
            left--;
        }
        number = number + 1 < vplic->context_count ? number + 1 : 0;
    }
}

/* The gateway lets one request through, and no other until completion: PLIC 1.2 (Interrupt
 * Gateways). */
static void pass_gateway(struct vplic *vplic, unsigned source, uint32_t first)
{
    if (!bitmap_get(vplic->level, source) || bitmap_get(vplic->in_service, source) ||
        bitmap_get(vplic->pending, source))
        return;
    bitmap_set(vplic->pending, source);
    update_source(vplic, source, first);
}

/* A request that was let through stays when the wire falls: PLIC 1.2 (Interrupt Gateways). */
void vplic_set_level(struct vplic *vplic, unsigned source, bool level)
{
    assert(source > 0 && source <= VPLIC_SOURCES);
    if (bitmap_get(vplic->level, source) == level)
        return;
    bitmap_put(vplic->level, source, level);
    pass_gateway(vplic, source, 0);
}

static void wire_set(void *target, unsigned number, bool level)
{
    vplic_set_level(target, number, level);
}

struct irq_line vplic_line(struct vplic *vplic, unsigned source)
{
    return (struct irq_line){.set = wire_set, .target = vplic, .number = source};
}

/* The threshold does not matter here: PLIC 8 (Interrupt Claim Process). */
unsigned vplic_claim(struct vplic *vplic, uint32_t context)
{
    unsigned source = best_source(vplic, &vplic->contexts[context]);

    if (source != 0) {
        bitmap_clear(vplic->pending, source);
        bitmap_set(vplic->in_service, source);
        update_source(vplic, source, context);
    }
    return source;
}

/* Who claimed is not asked: PLIC 9 (Interrupt Completion). A wire that is still high makes the
 * next request at once. */
void vplic_complete(struct vplic *vplic, uint32_t context, uint32_t source)
{
    if (source > VPLIC_SOURCES || !bitmap_get(vplic->contexts[context].enable, source))
        return;
    bitmap_clear(vplic->in_service, source);
    pass_gateway(vplic, source, context);
}

void vplic_set_priority(struct vplic *vplic, unsigned source, uint32_t priority)
{
    vplic->priority[source] = (uint8_t)(priority & VPLIC_PRIORITY_MAX);
    if (bitmap_get(vplic->pending, source))
        update_source(vplic, source, 0);
}

void vplic_set_enable(struct vplic *vplic, uint32_t context, unsigned word, uint64_t enable)
{
    uint64_t *place = &vplic->contexts[context].enable[word];
    uint64_t wanted = enable & sources_in(word);

    for (uint64_t changed = wanted ^ *place; changed; changed &= changed - 1) {
        unsigned bit = lowest_bit(changed);
        vplic->enabled_in[word * 64 + bit] += wanted & BIT(bit) ? 1 : -1;
    }
    *place = wanted;
    update_context(vplic, context);
}

void vplic_set_threshold(struct vplic *vplic, uint32_t context, uint32_t threshold)
{
    vplic->contexts[context].threshold = threshold & VPLIC_PRIORITY_MAX;
    update_context(vplic, context);
}

static void clear_state(struct vplic *vplic)
{
    memset(vplic->priority, 0, sizeof(vplic->priority));
    memset(vplic->level, 0, sizeof(vplic->level));
    memset(vplic->pending, 0, sizeof(vplic->pending));
    memset(vplic->in_service, 0, sizeof(vplic->in_service));
    memset(vplic->enabled_in, 0, sizeof(vplic->enabled_in));
    memset(vplic->contexts, 0, vplic->context_count * sizeof(vplic->contexts[0]));
}

/* The wires count as low: the devices that hold them are reset too, and say so if they are not. */
static void vplic_reset(struct vdev *self)
{
    struct vplic *vplic = (struct vplic *)self;

    clear_state(vplic);
    for (uint32_t i = 0; i < vplic->context_count; i++)
        show_output(vplic, i);
}

/* What a record may hold: sources that exist, priorities that can be written. */
static bool is_sound(const struct vplic *vplic)
{
    uint64_t stray = 0;
    unsigned highest = 0;

    for (unsigned word = 0; word < VPLIC_WORDS; word++) {
        uint64_t used = vplic->level[word] | vplic->pending[word] | vplic->in_service[word];
        for (uint32_t i = 0; i < vplic->context_count; i++)
            used |= vplic->contexts[i].enable[word];
        stray |= used & ~sources_in(word);
    }
    for (unsigned source = 0; source <= VPLIC_SOURCES; source++)
        highest |= vplic->priority[source];
    for (uint32_t i = 0; i < vplic->context_count; i++)
        highest |= vplic->contexts[i].threshold;
    return stray == 0 && highest <= VPLIC_PRIORITY_MAX && vplic->priority[0] == 0;
}

/* What follows from the rest is not in the record. Every output is shown, changed or not: the
 * vCPUs may have been restored to anything. */
static void derive(struct vplic *vplic)
{
    memset(vplic->enabled_in, 0, sizeof(vplic->enabled_in));
    for (uint32_t i = 0; i < vplic->context_count; i++) {
        for (unsigned source = 1; source <= VPLIC_SOURCES; source++)
            vplic->enabled_in[source] += bitmap_get(vplic->contexts[i].enable, source);
        update_context(vplic, i);
        show_output(vplic, i);
    }
}

static void vplic_archive(struct vdev *self, struct archive *archive)
{
    struct vplic *vplic = (struct vplic *)self;
    uint32_t count = vplic->context_count;

    archive_u32(archive, "context_count", &count);
    archive_require(archive, count == vplic->context_count);
    archive_bytes(archive, "priority", vplic->priority, sizeof(vplic->priority));
    archive_bytes(archive, "level", vplic->level, sizeof(vplic->level));
    archive_bytes(archive, "pending", vplic->pending, sizeof(vplic->pending));
    archive_bytes(archive, "in_service", vplic->in_service, sizeof(vplic->in_service));
    for (uint32_t i = 0; i < vplic->context_count; i++) {
        struct vplic_context *context = &vplic->contexts[i];
        archive_bytes(archive, "enable", context->enable, sizeof(context->enable));
        archive_u32(archive, "threshold", &context->threshold);
    }
    archive_require(archive, is_sound(vplic));
    if (archive->is_writing)
        return;
    if (archive->error)
        vplic_reset(self);
    else
        derive(vplic);
}

static const struct vdev_ops vplic_ops = {
    .read = vplic_map_read,
    .write = vplic_map_write,
    .reset = vplic_reset,
    .archive = vplic_archive,
};

void vplic_init(struct vplic *vplic, uint64_t base, struct vplic_context *contexts, uint32_t count,
                struct irq_line out)
{
    *vplic = (struct vplic){
        .vdev = {.name = "plic",
                 .ops = &vplic_ops,
                 .base = base,
                 .size = VPLIC_SIZE,
                 .width_min = 4,
                 .width_max = 4},
        .out = out,
        .contexts = contexts,
        .context_count = count,
    };
    clear_state(vplic);
}
