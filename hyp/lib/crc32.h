/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CRC-32 as in IEEE 802.3 and the hash nodes of a FIT image (polynomial 0xEDB88320, reflected).
 */
#ifndef LIB_CRC32_H
#define LIB_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The check sum of `size` bytes at `data`, of any alignment. Keeps no state. */
uint32_t crc32_compute(const void *data, size_t size);

#endif
