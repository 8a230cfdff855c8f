/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What <libfdt.h> wants to know about the machine it is compiled for: types, byte order, and
 * the string functions. It stands before libfdt's own on the include path of the image, whose C
 * library is hyp/lib; the host tests use libfdt's own. Our machine is little-endian, a device
 * tree big-endian.
 */
#ifndef LIBFDT_ENV_H
#define LIBFDT_ENV_H

#include "lib/string.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint16_t fdt16_t;
typedef uint32_t fdt32_t;
typedef uint64_t fdt64_t;

static inline uint16_t fdt16_to_cpu(fdt16_t value)
{
    return __builtin_bswap16(value);
}

static inline fdt16_t cpu_to_fdt16(uint16_t value)
{
    return __builtin_bswap16(value);
}

static inline uint32_t fdt32_to_cpu(fdt32_t value)
{
    return __builtin_bswap32(value);
}

static inline fdt32_t cpu_to_fdt32(uint32_t value)
{
    return __builtin_bswap32(value);
}

static inline uint64_t fdt64_to_cpu(fdt64_t value)
{
    return __builtin_bswap64(value);
}

static inline fdt64_t cpu_to_fdt64(uint64_t value)
{
    return __builtin_bswap64(value);
}

#endif
