/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is recorded, by category, and where. The rings come when traces are first wanted, and stay.
 */
#include "trace/control.h"

#include "lib/string.h"

uint8_t trace_wanted[TRACE_CATEGORIES];

static struct trace_ring *rings;

static const char *const names[TRACE_CATEGORIES] = {
    [TRACE_EXIT] = "exit",           [TRACE_ENTRY] = "entry",     [TRACE_SBI] = "sbi",
    [TRACE_MMIO] = "mmio",           [TRACE_CSR] = "csr",         [TRACE_INJECT] = "inject",
    [TRACE_INTERRUPT] = "interrupt", [TRACE_REQUEST] = "request", [TRACE_SCHED] = "sched",
    [TRACE_LIFE] = "life",
};

bool trace_is_there(void)
{
    return true;
}

uint64_t trace_mask(void)
{
    uint64_t mask = 0;

    for (unsigned i = 0; i < TRACE_CATEGORIES; i++)
        mask |= trace_wants((enum trace_category)i) ? BIT(i) : 0;
    return mask;
}

void trace_set_mask(uint64_t mask)
{
    for (unsigned i = 0; i < TRACE_CATEGORIES; i++)
        __atomic_store_n(&trace_wanted[i], (mask & BIT(i)) != 0, __ATOMIC_RELEASE);
}

const char *trace_category_name(enum trace_category category)
{
    return names[category];
}

/* The bit of the word, or 0. */
static uint64_t bit_of(const char *word, size_t length)
{
    if (length == 3 && strncmp(word, "all", 3) == 0)
        return TRACE_MASK_ALL;
    for (unsigned i = 0; i < TRACE_CATEGORIES; i++) {
        if (strlen(names[i]) == length && strncmp(names[i], word, length) == 0)
            return BIT(i);
    }
    return 0;
}

uint64_t trace_mask_parse(const char *words, size_t length)
{
    const char *end = words + length;
    uint64_t mask = 0;

    while (words <= end) {
        const char *word = words;
        uint64_t bit;

        while (words < end && *words != ',')
            words++;
        bit = bit_of(word, (size_t)(words - word));
        if (!bit)
            return 0;
        mask |= bit;
        words++;
    }
    return mask;
}

void trace_add(struct trace_ring *ring)
{
    ring->next = rings;
    rings = ring;
}

struct trace_ring *trace_rings(void)
{
    return rings;
}

uint64_t trace_lost(void)
{
    uint64_t lost = 0;

    for (const struct trace_ring *ring = rings; ring; ring = ring->next)
        lost += __atomic_load_n(&ring->lost_all, __ATOMIC_RELAXED);
    return lost;
}
