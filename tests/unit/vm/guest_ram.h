/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stand-in for mem/guest_mem.c: guest RAM is an array full of garbage, so that a test sees
 * what was written, what was cleared and what was left alone.
 */
#ifndef GUEST_RAM_H
#define GUEST_RAM_H

#include "lib/err.h"
#include "mem/guest_mem.h"
#include "vm/vm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GARBAGE 0xa5
#define MIB     (1UL << 20)

static uint8_t *ram;
static uint64_t ram_size;

static inline void make_ram(uint64_t size)
{
    free(ram);
    ram = malloc(size);
    ram_size = size;
    memset(ram, GARBAGE, size);
}

static inline int drop_ram(void **state)
{
    (void)state;
    free(ram);
    ram = NULL;
    ram_size = 0;
    return 0;
}

static inline uint8_t *ram_at(gpa_t gpa)
{
    return ram + (gpa - BOARD_RAM_BASE);
}

/* True where all of [gpa, gpa + size) is `byte`. */
static inline bool ram_is(gpa_t gpa, uint64_t size, uint8_t byte)
{
    for (uint64_t i = 0; i < size; i++) {
        if (ram_at(gpa)[i] != byte)
            return false;
    }
    return true;
}

int guest_mem_write(const struct gstage *gstage, gpa_t gpa, const void *from, size_t size)
{
    (void)gstage;
    if (!range_within(gpa, size, BOARD_RAM_BASE, ram_size))
        return ERR_RANGE;
    memcpy(ram_at(gpa), from, size);
    return 0;
}

int guest_mem_clear(const struct gstage *gstage, gpa_t gpa, size_t size)
{
    (void)gstage;
    if (!range_within(gpa, size, BOARD_RAM_BASE, ram_size))
        return ERR_RANGE;
    memset(ram_at(gpa), 0, size);
    return 0;
}

#endif
