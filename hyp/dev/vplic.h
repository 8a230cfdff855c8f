/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The front of a RISC-V PLIC (RISC-V PLIC specification 1.0.0) with level-triggered gateways:
 * 95 sources as QEMU's virt board has, two contexts a vCPU (even: M, not wired; odd: S).
 */
#ifndef DEV_VPLIC_H
#define DEV_VPLIC_H

#include "dev/vdev.h"
#include "lib/bitmap.h"

#define VPLIC_SIZE         0x600000
#define VPLIC_SOURCES      95 /* 1 to 95; 0 means none */
#define VPLIC_PRIORITY_MAX 7
#define VPLIC_WORDS        BITMAP_WORDS(VPLIC_SOURCES + 1)

struct vplic_context {
    uint64_t enable[VPLIC_WORDS];
    uint32_t threshold;
    bool output; /* the level last shown to the vCPU */
};

struct vplic {
    struct vdev vdev;
    /* Where it leads, fixed at creation. */
    struct irq_line out; /* set(target, context number, level) */
    struct vplic_context *contexts;
    uint32_t context_count;
    /* The bus's lock must be held. */
    uint8_t priority[VPLIC_SOURCES + 1];
    uint64_t level[VPLIC_WORDS];            /* the wires of the devices */
    uint64_t pending[VPLIC_WORDS];          /* latched by the gateway */
    uint64_t in_service[VPLIC_WORDS];       /* claimed by any context, gateway closed */
    uint32_t enabled_in[VPLIC_SOURCES + 1]; /* number of contexts; follows from their enable */
};

/* `contexts` is the caller's array of `count` elements, kept. `out.number` is ignored: the
 * context's number is given. The device is in its state after reset, all outputs low and not yet
 * told. Comes before the init of any device that is wired to it. */
void vplic_init(struct vplic *vplic, uint64_t base, struct vplic_context *contexts, uint32_t count,
                struct irq_line out);

/* A device's wire changes; `source` is 1 to VPLIC_SOURCES. The bus's lock must be held.
 * vplic_line makes the irq_line that a device is given. */
void vplic_set_level(struct vplic *vplic, unsigned source, bool level);
struct irq_line vplic_line(struct vplic *vplic, unsigned source);

/*
 * The acts of the guest; vplic_map.c calls them for its registers. The bus's lock must be held,
 * `context` is below context_count. A claim returns its source or 0. A completion is ignored
 * for a source that does not exist or is not enabled in the context.
 */
unsigned vplic_claim(struct vplic *vplic, uint32_t context);
void vplic_complete(struct vplic *vplic, uint32_t context, uint32_t source);

/* `source` exists. `word` is one of VPLIC_WORDS; bits of sources that do not exist are dropped.
 * Priorities and thresholds keep their low three bits. */
void vplic_set_priority(struct vplic *vplic, unsigned source, uint32_t priority);
void vplic_set_enable(struct vplic *vplic, uint32_t context, unsigned word, uint64_t enable);
void vplic_set_threshold(struct vplic *vplic, uint32_t context, uint32_t threshold);

#endif
