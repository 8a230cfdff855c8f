/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: the PLIC, beside a second one that is written as the specification reads: arrays of
 * flags, and each output worked out from all of them whenever it is asked for. Every register
 * must read the same in both, and every output must show the same level.
 */
#include "dev/vplic.h"

#include "dev/bus.h"
#include "fuzz/fuzz.h"
#include "lib/bits.h"

#define BASE     0x0c000000UL
#define CONTEXTS 4

static struct {
    bool level[VPLIC_SOURCES + 1], pending[VPLIC_SOURCES + 1], in_service[VPLIC_SOURCES + 1];
    bool enable[CONTEXTS][VPLIC_SOURCES + 1];
    uint32_t priority[VPLIC_SOURCES + 1], threshold[CONTEXTS];
} model;

static struct bus bus;
static struct vplic vplic;
static struct vplic_context contexts[CONTEXTS];
static bool shown[CONTEXTS];

static void show(void *target, unsigned number, bool level)
{
    (void)target;
    fuzz_claim(number < CONTEXTS);
    shown[number] = level;
}

static void start_over(void)
{
    memset(&model, 0, sizeof(model));
    memset(shown, 0, sizeof(shown));
    bus_init(&bus);
    vplic_init(&vplic, BASE, contexts, CONTEXTS, (struct irq_line){.set = show});
    fuzz_claim(bus_add(&bus, &vplic.vdev) == 0);
}

/* PLIC 4 and 8: the highest priority, the lowest number among equals; 0 never interrupts. */
static unsigned model_best(unsigned context)
{
    unsigned best = 0;

    for (unsigned source = 1; source <= VPLIC_SOURCES; source++) {
        if (model.pending[source] && model.enable[context][source] &&
            model.priority[source] > (best ? model.priority[best] : 0))
            best = source;
    }
    return best;
}

static void model_gateway(unsigned source)
{
    if (model.level[source] && !model.in_service[source])
        model.pending[source] = true;
}

static uint32_t model_word(const bool *flags, unsigned index)
{
    uint32_t word = 0;

    for (unsigned bit = 0; bit < 32; bit++) {
        if (index * 32 + bit <= VPLIC_SOURCES && flags[index * 32 + bit])
            word |= 1U << bit;
    }
    return word;
}

static unsigned model_claim(unsigned context)
{
    unsigned source = model_best(context);

    if (source) {
        model.pending[source] = false;
        model.in_service[source] = true;
    }
    return source;
}

/* PLIC 3 (Memory Map), from its figure. */
static uint32_t model_read(uint64_t offset)
{
    uint64_t context = (offset - 0x2000) / 0x80;

    if (offset < 0x1000)
        return offset / 4 <= VPLIC_SOURCES ? model.priority[offset / 4] : 0;
    if (offset < 0x2000)
        return offset - 0x1000 < 12 ? model_word(model.pending, (offset - 0x1000) / 4) : 0;
    if (offset < 0x200000)
        return context < CONTEXTS && offset % 0x80 < 12
                   ? model_word(model.enable[context], offset % 0x80 / 4)
                   : 0;
    context = (offset - 0x200000) / 0x1000;
    if (context >= CONTEXTS)
        return 0;
    if (offset % 0x1000 == 0)
        return model.threshold[context];
    return offset % 0x1000 == 4 ? model_claim(context) : 0;
}

static void model_write_enable(unsigned context, unsigned index, uint32_t value)
{
    for (unsigned bit = 0; bit < 32; bit++) {
        unsigned source = index * 32 + bit;
        if (source >= 1 && source <= VPLIC_SOURCES)
            model.enable[context][source] = value >> bit & 1;
    }
}

/* PLIC 9 (Interrupt Completion) */
static void model_complete(unsigned context, uint32_t source)
{
    if (source > VPLIC_SOURCES || !model.enable[context][source])
        return;
    model.in_service[source] = false;
    model_gateway(source);
}

static void model_write(uint64_t offset, uint32_t value)
{
    uint64_t context = (offset - 0x2000) / 0x80;

    if (offset < 0x1000) {
        if (offset >= 4 && offset / 4 <= VPLIC_SOURCES)
            model.priority[offset / 4] = value & 7;
    } else if (offset >= 0x2000 && offset < 0x200000) {
        if (context < CONTEXTS && offset % 0x80 < 12)
            model_write_enable(context, offset % 0x80 / 4, value);
    } else if (offset >= 0x200000) {
        context = (offset - 0x200000) / 0x1000;
        if (context < CONTEXTS && offset % 0x1000 == 0)
            model.threshold[context] = value & 7;
        else if (context < CONTEXTS && offset % 0x1000 == 4)
            model_complete(context, value);
    }
}

/* Mostly one of a few, so that what is raised, enabled and has a priority meets. */
static unsigned take_source(struct fuzz *fuzz)
{
    static const uint8_t some[] = {1, 10, 11, 31, 32, 63, 64, VPLIC_SOURCES};
    unsigned choice = (unsigned)fuzz_take(fuzz, 1);

    return choice < 240 ? some[choice % sizeof(some)] : 1 + choice % VPLIC_SOURCES;
}

/* An offset near what is there, or anywhere. */
static uint64_t take_offset(struct fuzz *fuzz)
{
    uint64_t context = fuzz_take_below(fuzz, CONTEXTS + 1);

    switch (fuzz_take_below(fuzz, 7)) {
    case 0:
        return 4 * fuzz_take_below(fuzz, 100);
    case 6:
        return 4 * take_source(fuzz);
    case 1:
        return 0x1000 + 4 * fuzz_take_below(fuzz, 5);
    case 2:
        return 0x2000 + 0x80 * context + 4 * fuzz_take_below(fuzz, 5);
    case 3:
        return 0x200000 + 0x1000 * context;
    case 4:
        return 0x200004 + 0x1000 * context;
    default:
        return fuzz_take_below(fuzz, VPLIC_SIZE);
    }
}

/* A claim is never of a source that is disabled, not pending, or of priority 0. */
static void play_read(struct fuzz *fuzz)
{
    static const uint8_t sizes[] = {4, 4, 4, 1, 2, 8};
    uint64_t offset = take_offset(fuzz), value = 0;
    unsigned size = sizes[fuzz_take_below(fuzz, sizeof(sizes))];
    bool is_answered = bus_read(&bus, BASE + offset, size, &value);

    fuzz_claim(is_answered == (size == 4 && offset % 4 == 0));
    if (is_answered)
        fuzz_claim(value == model_read(offset));
}

static void write_register(uint64_t offset, uint32_t value)
{
    fuzz_claim(bus_write(&bus, BASE + offset, 4, value));
    model_write(offset, value);
}

static void play_write(struct fuzz *fuzz)
{
    uint64_t offset = take_offset(fuzz) & ~3UL;
    uint64_t value = fuzz_take_bool(fuzz) ? fuzz_take(fuzz, 4) : UINT32_MAX;

    if (offset >= 0x200000 && offset % 8 == 4)
        value = take_source(fuzz); /* it completes */
    write_register(offset, (uint32_t)value);
}

/* A context that listens to everything, as random writes would seldom make one. */
static void play_listen(struct fuzz *fuzz)
{
    uint64_t context = fuzz_take_below(fuzz, CONTEXTS);

    for (unsigned index = 0; index < 3; index++)
        write_register(0x2000 + 0x80 * context + 4 * index, UINT32_MAX);
    for (unsigned source = 1; source <= VPLIC_SOURCES; source++)
        write_register(4 * source, 1 + source % VPLIC_PRIORITY_MAX);
}

/* All that a driver does for an interrupt, of which there may be none. */
static void play_interrupt(struct fuzz *fuzz)
{
    uint64_t claim = 0x200004 + 0x1000 * fuzz_take_below(fuzz, CONTEXTS), source = 0;

    fuzz_claim(bus_read(&bus, BASE + claim, 4, &source) && source == model_read(claim));
    if (fuzz_take_bool(fuzz))
        write_register(claim, (uint32_t)source);
}

static void play_wire(struct fuzz *fuzz)
{
    unsigned source = take_source(fuzz);
    bool level = fuzz_take_bool(fuzz);

    vplic_set_level(&vplic, source, level);
    model.level[source] = level;
    model_gateway(source);
}

/* What is restored behaves as what was saved. */
static void play_archive(void)
{
    uint8_t record[1024];
    struct archive archive;

    archive_init_writer(&archive, record, sizeof(record));
    bus_archive(&bus, &archive);
    fuzz_claim(archive.error == 0);
    archive_init_reader(&archive, record, archive.position);
    bus_reset(&bus);
    for (unsigned i = 0; i < CONTEXTS; i++)
        fuzz_claim(!shown[i]);
    bus_archive(&bus, &archive);
    fuzz_claim(archive.error == 0);
}

static void check_outputs(void)
{
    for (unsigned i = 0; i < CONTEXTS; i++) {
        unsigned best = model_best(i);
        fuzz_claim(shown[i] == (best && model.priority[best] > model.threshold[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz fuzz = {data, size};

    start_over();
    while (fuzz.left > 0) {
        switch (fuzz_take_below(&fuzz, 16)) {
        case 0:
            play_archive();
            break;
        case 1:
            play_listen(&fuzz);
            break;
        case 2:
        case 3:
            play_interrupt(&fuzz);
            break;
        case 4:
        case 9:
        case 10:
        case 11:
            play_wire(&fuzz);
            break;
        case 5:
        case 6:
        case 7:
        case 8:
            play_read(&fuzz);
            break;
        default:
            play_write(&fuzz);
            break;
        }
        check_outputs();
    }
    return 0;
}
